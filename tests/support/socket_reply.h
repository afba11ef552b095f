// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <netinet/in.h>

#include <linux/inet_diag.h>
#include <linux/sock_diag.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#include "attribution/socket_entry.h"
#include "tests/support/netlink_builder.h"

namespace procwall {

// An address as inet_diag carries it: IPv4 becomes v4-mapped for an IPv6 socket.
inline void PutDiagAddress(IpFamily family, const IpAddress& address,
                           std::span<std::uint32_t, 4> words) {
  std::array<std::uint8_t, 16> bytes{};
  std::size_t start = 0;
  if (family == IpFamily::kV6 && address.IsV4()) {
    bytes[10] = bytes[11] = 0xff;
    start = 12;
  }
  std::copy_n(address.Data(), address.Size(), bytes.begin() + static_cast<std::ptrdiff_t>(start));
  std::memcpy(words.data(), bytes.data(), bytes.size());
}

// What the kernel answers about a socket: add attributes, then Build().
inline NetlinkBuilder SocketReply(const SocketEntry& socket) {
  inet_diag_msg body{};
  body.idiag_family = socket.family == IpFamily::kV4 ? AF_INET : AF_INET6;
  body.idiag_state = static_cast<std::uint8_t>(socket.state);
  body.id.idiag_sport = htons(socket.local.port);
  body.id.idiag_dport = htons(socket.remote.port);
  PutDiagAddress(socket.family, socket.local.address, body.id.idiag_src);
  PutDiagAddress(socket.family, socket.remote.address, body.id.idiag_dst);
  body.id.idiag_if = socket.ifindex;
  body.id.idiag_cookie[0] = static_cast<std::uint32_t>(socket.cookie);
  body.id.idiag_cookie[1] = static_cast<std::uint32_t>(socket.cookie >> 32);
  body.idiag_rqueue = socket.receive_queue;
  body.idiag_wqueue = socket.send_queue;
  body.idiag_uid = socket.uid;
  body.idiag_inode = static_cast<std::uint32_t>(socket.inode);
  NetlinkBuilder builder(SOCK_DIAG_BY_FAMILY);
  builder.Body(body).Attribute(INET_DIAG_SHUTDOWN, std::uint8_t{0});
  if (socket.v6_only) builder.Attribute(INET_DIAG_SKV6ONLY, std::uint8_t{1});
  return builder;
}

}  // namespace procwall
