// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "rules/subject.h"
#include "rules/text.h"

namespace procwall {

// The texts and numbers that conditions read from one subject, as opensnitchd would write them.
// What costs something (the joined command line, an address as text) is made when it is first asked
// for and kept, so that ten thousand rules pay once. Lives for one decision; borrows the subject.
// Thread rule: one thread only.
class Facts {
 public:
  explicit Facts(const Subject& subject);

  const Text& ProcessPath() const { return path_; }  // "" when unknown
  const Text& ProcessCommand() const;    // arguments joined by one blank; "" when unknown
  std::int64_t ProcessIdNumber() const;  // 0 when unknown
  std::int64_t UserId() const;           // of the packet, else of the process, else -1
  const Text& DestinationHost() const { return host_; }
  const Text& Protocol() const;  // "tcp", "udp6", ...

  const IpAddress& SourceAddress() const { return Source().address; }
  const IpAddress& DestinationAddress() const { return Destination().address; }
  std::int64_t SourcePort() const { return Source().port; }
  std::int64_t DestinationPort() const { return Destination().port; }

  // The canonical text of an address of this subject.
  const Text& AddressText(const IpAddress& address) const;

 private:
  const Endpoint& Source() const { return subject_.connection->Source(); }
  const Endpoint& Destination() const { return subject_.connection->Destination(); }

  // A text that is made here, and owned.
  struct Made {
    explicit Made(std::string made) : owned(std::move(made)), text(owned) {}
    std::string owned;
    Text text;
  };

  const Subject& subject_;
  Text path_;
  Text host_;
  mutable std::optional<Made> command_;
  mutable std::optional<Made> protocol_;
  mutable std::optional<Made> source_text_;
  mutable std::optional<Made> destination_text_;
};

}  // namespace procwall
