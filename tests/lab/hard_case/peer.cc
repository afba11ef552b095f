// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "tests/lab/hard_case/peer.h"

#include <arpa/inet.h>

#include <array>
#include <cstring>

namespace procwall {
namespace {

Peer FromV4(const sockaddr_in& v4) {
  Peer peer;
  std::memcpy(&peer.storage, &v4, sizeof v4);
  peer.size = sizeof v4;
  return peer;
}

Peer FromV6(const sockaddr_in6& v6) {
  Peer peer;
  std::memcpy(&peer.storage, &v6, sizeof v6);
  peer.size = sizeof v6;
  return peer;
}

sockaddr_in ToV4(const Peer& peer) {
  sockaddr_in v4{};
  std::memcpy(&v4, &peer.storage, sizeof v4);
  return v4;
}

sockaddr_in6 ToV6(const Peer& peer) {
  sockaddr_in6 v6{};
  std::memcpy(&v6, &peer.storage, sizeof v6);
  return v6;
}

}  // namespace

const sockaddr* Peer::Pointer() const {
  return static_cast<const sockaddr*>(static_cast<const void*>(&storage));
}

sockaddr* Peer::Pointer() { return static_cast<sockaddr*>(static_cast<void*>(&storage)); }

std::uint16_t Peer::Port() const {
  return ntohs(Family() == AF_INET ? ToV4(*this).sin_port : ToV6(*this).sin6_port);
}

Peer Peer::WithPort(std::uint16_t port) const {
  if (Family() == AF_INET) {
    sockaddr_in v4 = ToV4(*this);
    v4.sin_port = htons(port);
    return FromV4(v4);
  }
  sockaddr_in6 v6 = ToV6(*this);
  v6.sin6_port = htons(port);
  return FromV6(v6);
}

std::string Peer::Address() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (Family() == AF_INET) {
    const sockaddr_in v4 = ToV4(*this);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    return text.data();
  }
  const sockaddr_in6 v6 = ToV6(*this);
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    ::inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], text.data(), text.size());
  } else {
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  }
  return text.data();
}

std::optional<Peer> ParsePeer(const char* address, std::uint16_t port) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, address, &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    return FromV4(v4);
  }
  if (::inet_pton(AF_INET6, address, &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    return FromV6(v6);
  }
  return std::nullopt;
}

Peer AnyAddress(int family, std::uint16_t port) {
  return *ParsePeer(family == AF_INET ? "0.0.0.0" : "::", port);
}

std::uint16_t LocalPort(int fd) {
  Peer local;
  local.size = sizeof local.storage;
  if (::getsockname(fd, local.Pointer(), &local.size) != 0) return 0;
  return local.Family() == AF_INET || local.Family() == AF_INET6 ? local.Port() : std::uint16_t{0};
}

}  // namespace procwall
