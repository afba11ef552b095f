// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace procwall {

// The well-known names of ports (getservbyport_r: /etc/services, mostly), asked for once each.
// Thread rule: one thread only. Limits: kMaxNames are remembered.
class ServiceNames {
 public:
  static constexpr std::size_t kMaxNames = 65536;

  // "https"; empty: that port of that protocol ("tcp", "udp", "tcp6", ...) has no name.
  std::string NameOf(std::uint16_t port, const std::string& protocol);

 private:
  std::map<std::pair<std::string, std::uint16_t>, std::string> names_;
};

}  // namespace procwall
