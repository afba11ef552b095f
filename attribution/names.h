// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "net/dns_message.h"
#include "net/ip_address.h"

namespace procwall {

// Which name an address was resolved from, learnt from the DNS answers this host receives. An
// address keeps the name that was asked, through the CNAME chain; the latest answer wins. Records
// that the chain does not lead to are not learnt, or a server could give any name to its addresses;
// nor are loopback and unspecified addresses. Entries live for their TTL, at least kMinLifetime
// (programs keep addresses longer than they may) and at most kMaxLifetime; at most kMaxAddresses,
// the oldest use goes first. Whether an answer belongs to a query of this host is the caller's
// business. Thread rule: one thread only.
class Names {
 public:
  static constexpr std::size_t kMaxAddresses = 20000;
  static constexpr std::chrono::minutes kMinLifetime{10};
  static constexpr std::chrono::hours kMaxLifetime{24};

  explicit Names(const Clock& clock);  // must outlive it
  ~Names();
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  void Learn(const DnsMessage& answer);
  // Empty when unknown or expired. Counts as a use. Valid until the next call of Learn().
  std::string_view NameOf(const IpAddress& address);
  std::size_t Size() const;  // expired entries that were not replaced yet included

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace procwall
