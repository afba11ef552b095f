// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/ip_address.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// A destination to look for: a name with everything below it, or an address; perhaps a port.
struct WantedDestination {
  std::string host;  // without a trailing dot; empty when it is an address or absent
  std::optional<IpAddress> address;
  std::optional<std::uint16_t> port;

  friend bool operator==(const WantedDestination&, const WantedDestination&) = default;
};

// "example.org", "example.org:443", "192.0.2.1:53", "2001:db8::1", "[2001:db8::1]:443", ":443".
// nullopt: none of these.
std::optional<WantedDestination> ParseWantedDestination(std::string_view text);

// `wanted`: an absolute path that does not end in "/": exactly this program; else a part of its
// path, or nothing for any.
bool IsProgram(const std::string& wanted, const std::string& path);

// Which decisions to show; what is empty is not asked for, and all that is asked for must hold.
struct EventFilter {
  // See IsProgram(). Any of the programs an ambiguous decision names will do.
  std::string program;
  std::vector<v1::Action> actions;  // any of them
  std::optional<WantedDestination> destination;

  bool Matches(const v1::Event& event) const;
};

}  // namespace procwall
