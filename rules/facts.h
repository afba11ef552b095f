// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/subject.h"

namespace procwall {

// The texts and numbers that conditions read from one subject, as opensnitchd would write them.
// What costs something (the joined command line, an address as text) is made when it is first asked
// for and kept, so that ten thousand rules pay once. Lives for one decision; borrows the subject.
// Thread rule: one thread only.
class Facts {
 public:
  explicit Facts(const Subject& subject) : subject_(subject) {}

  std::string_view ProcessPath() const;     // "" when unknown
  std::string_view ProcessCommand() const;  // arguments joined by one blank; "" when unknown
  std::int64_t ProcessIdNumber() const;     // 0 when unknown
  std::int64_t UserId() const;              // of the packet, else of the process, else -1
  std::string_view DestinationHost() const { return subject_.host; }
  std::string_view Protocol() const;  // "tcp", "udp6", ...

  const IpAddress& SourceAddress() const { return Source().address; }
  const IpAddress& DestinationAddress() const { return Destination().address; }
  std::int64_t SourcePort() const { return Source().port; }
  std::int64_t DestinationPort() const { return Destination().port; }

  // The canonical text of an address of this subject.
  std::string_view AddressText(const IpAddress& address) const;

 private:
  const Endpoint& Source() const { return subject_.connection->Source(); }
  const Endpoint& Destination() const { return subject_.connection->Destination(); }

  const Subject& subject_;
  mutable std::optional<std::string> command_;
  mutable std::optional<std::string> protocol_;
  mutable std::optional<std::string> source_text_;
  mutable std::optional<std::string> destination_text_;
};

}  // namespace procwall
