// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

#include "base/keyed_hash.h"
#include "net/ip_address.h"

namespace procwall {

// A port number in host order; 0 where a protocol has none.
using Port = std::uint16_t;

// An address and a port.
struct Endpoint {
  IpAddress address;
  Port port = 0;

  // "192.0.2.1:443", "[2001:db8::1]:443".
  std::string ToString() const;

  friend constexpr bool operator==(const Endpoint&, const Endpoint&) = default;
  // NOLINTNEXTLINE(modernize-use-nullptr): takes the comparison's own 0 for a null pointer
  friend constexpr auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

}  // namespace procwall

template <>
struct std::hash<procwall::Endpoint> {
  std::size_t operator()(const procwall::Endpoint& endpoint) const noexcept {
    return procwall::KeyedHash(std::hash<procwall::IpAddress>{}(endpoint.address), endpoint.port);
  }
};

template <>
struct fmt::formatter<procwall::Endpoint> : fmt::formatter<std::string> {
  template <typename Context>
  auto format(const procwall::Endpoint& endpoint, Context& context) const {
    return fmt::formatter<std::string>::format(endpoint.ToString(), context);
  }
};
