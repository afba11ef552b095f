// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/ip_address.h"

namespace procwall {

// A network in CIDR form (RFC 4632). Host bits are cleared at birth.
class Prefix {
 public:
  constexpr Prefix() = default;  // 0.0.0.0/0

  // nullopt if `length` is longer than the address (32 or 128 bits).
  static std::optional<Prefix> Create(const IpAddress& address, unsigned length);
  // "192.0.2.0/24", "2001:db8::/32", or a bare address (its full length).
  static std::optional<Prefix> Parse(std::string_view text);

  const IpAddress& Address() const { return address_; }
  unsigned Length() const { return length_; }
  // An address of the other family is never contained.
  bool Contains(const IpAddress& address) const;
  std::string ToString() const;

  friend constexpr bool operator==(const Prefix&, const Prefix&) = default;

 private:
  IpAddress address_;
  std::uint8_t length_ = 0;
};

}  // namespace procwall
