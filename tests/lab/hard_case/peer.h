// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>

namespace procwall {

// An address of either family as the socket calls want it.
struct Peer {
  sockaddr_storage storage{};
  socklen_t size = 0;

  int Family() const { return storage.ss_family; }
  const sockaddr* Pointer() const;
  sockaddr* Pointer();
  std::uint16_t Port() const;
  Peer WithPort(std::uint16_t port) const;
  // As packets show it: a v4-mapped address is an IPv4 one.
  std::string Address() const;
};

// Of "10.0.0.1", "fd00::1" or "::ffff:10.0.0.1".
std::optional<Peer> ParsePeer(const char* address, std::uint16_t port);
// The unspecified address of a family.
Peer AnyAddress(int family, std::uint16_t port);
// What the socket is bound to; port 0 when it is not.
std::uint16_t LocalPort(int fd);

}  // namespace procwall
