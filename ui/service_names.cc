// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/service_names.h"

#include <arpa/inet.h>

#include <array>

#include <netdb.h>

namespace procwall {

std::string ServiceNames::NameOf(std::uint16_t port, const std::string& protocol) {
  if (port == 0) return "";
  // /etc/services knows neither families nor UDP-Lite.
  const std::string known = protocol.starts_with("udp") ? "udp" : "tcp";
  if (names_.size() >= kMaxNames) names_.clear();
  const auto [entry, is_new] = names_.try_emplace({known, port});
  if (is_new) {
    servent record{};
    servent* found = nullptr;
    std::array<char, 2048> buffer{};
    if (::getservbyport_r(htons(port), known.c_str(), &record, buffer.data(), buffer.size(),
                          &found) == 0 &&
        found != nullptr) {
      entry->second = found->s_name;
    }
  }
  return entry->second;
}

}  // namespace procwall
