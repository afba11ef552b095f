// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/ip_address.h"
#include "net/route_message.h"

namespace procwall {

// A network by a name of the admin's ("home"): what its default route looks like. What is not said
// is not asked.
struct NetworkProfile {
  std::string name;
  std::string interface {};            // a shell pattern: "wlan*"; empty: any
  std::optional<IpAddress> gateway{};  // nullopt: any, or none
  std::optional<MacAddress> gateway_mac{};

  friend bool operator==(const NetworkProfile&, const NetworkProfile&) = default;
};

// The default route of one family, as it is.
struct NetworkPlace {
  std::string interface;
  std::optional<IpAddress> gateway{};
  std::optional<MacAddress> gateway_mac{};  // nullopt: not known (yet)

  friend bool operator==(const NetworkPlace&, const NetworkPlace&) = default;
};

// None of them fits, or there is no way to the world.
inline constexpr std::string_view kOtherProfile = "other";

// The first profile that fits one of the places; kOtherProfile: none does. Pure.
std::string ProfileOf(std::span<const NetworkProfile> profiles,
                      std::span<const NetworkPlace> places);

// "52:54:00:12:34:56", in any letter case; nullopt: it is none.
std::optional<MacAddress> ParseMac(std::string_view text);
std::string MacText(const MacAddress& mac);

}  // namespace procwall
