// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/network_profile.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fnmatch.h>

namespace procwall {
namespace {

bool Fits(const NetworkProfile& profile, const NetworkPlace& place) {
  const bool interface_fits = profile.interface.empty() ||
                              ::fnmatch(profile.interface.c_str(), place.interface.c_str(), 0) == 0;
  return interface_fits && (!profile.gateway || profile.gateway == place.gateway) &&
         (!profile.gateway_mac || profile.gateway_mac == place.gateway_mac);
}

}  // namespace

std::string ProfileOf(std::span<const NetworkProfile> profiles,
                      std::span<const NetworkPlace> places) {
  for (const NetworkProfile& profile : profiles) {
    if (std::ranges::any_of(places,
                            [&](const NetworkPlace& place) { return Fits(profile, place); })) {
      return profile.name;
    }
  }
  return std::string(kOtherProfile);
}

std::optional<MacAddress> ParseMac(std::string_view text) {
  constexpr std::size_t kLength = 17;
  constexpr int kHexadecimal = 16;
  if (text.size() != kLength) return std::nullopt;
  MacAddress mac{};
  for (std::size_t i = 0; i < mac.size(); ++i) {
    const char* const begin = text.data() + 3 * i;
    if (i + 1 < mac.size() && begin[2] != ':') return std::nullopt;
    const auto parsed = std::from_chars(begin, begin + 2, mac[i], kHexadecimal);
    if (parsed.ec != std::errc() || parsed.ptr != begin + 2) return std::nullopt;
  }
  return mac;
}

std::string MacText(const MacAddress& mac) {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", mac[0], mac[1], mac[2], mac[3],
                     mac[4], mac[5]);
}

}  // namespace procwall
