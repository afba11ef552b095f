// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/foreign_sockets.h"

#include <algorithm>

namespace procwall {
namespace {

constexpr std::uint32_t kIfindexOfLoopback = 1;  // in every network namespace

}  // namespace

bool HasAddress(std::span<const InterfaceAddress> addresses, const IpAddress& address) {
  return std::ranges::any_of(addresses,
                             [&](const InterfaceAddress& one) { return one.address == address; });
}

bool MayForward(std::span<const InterfaceAddress> addresses) {
  std::uint32_t first = 0;
  for (const InterfaceAddress& one : addresses) {
    if (one.ifindex == kIfindexOfLoopback || one.ifindex == first) continue;
    if (first != 0) return true;
    first = one.ifindex;
  }
  return false;
}

bool MayBeSender(const Connection& connection, const SocketEntry& socket, bool may_forward) {
  if (socket.protocol != connection.protocol || socket.local.port != connection.local.port) {
    return false;
  }
  if (socket.protocol == IpProtocol::kTcp && socket.state != SocketState::kSynSent) return false;
  const bool is_of_flow = socket.local == connection.local && socket.remote == connection.remote;
  return is_of_flow || !may_forward;
}

}  // namespace procwall
