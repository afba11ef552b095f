// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/own_addresses.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstring>
#include <memory>

#include <ifaddrs.h>

#include "net/ip_address.h"

namespace procwall {
namespace {

struct Freeing {
  void operator()(ifaddrs* list) const { ::freeifaddrs(list); }
};

std::string TextOf(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* written = nullptr;
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof(v4));
    written = ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
  } else if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof(v6));
    written = ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  }
  const auto parsed = IpAddress::Parse(written == nullptr ? "" : written);
  return parsed ? parsed->ToString() : "";
}

}  // namespace

std::set<std::string> OwnAddresses() {
  std::set<std::string> addresses;
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return addresses;
  const std::unique_ptr<ifaddrs, Freeing> freed(list);
  for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr) continue;
    if (std::string text = TextOf(each->ifa_addr); !text.empty()) addresses.insert(std::move(text));
  }
  return addresses;
}

}  // namespace procwall
