// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <span>
#include <vector>

#include "attribution/address_message.h"
#include "attribution/socket_entry.h"
#include "base/result.h"
#include "net/connection.h"

namespace procwall {

// The sockets that may have sent what this host only forwards: those of other network namespaces.
// Thread rule: one thread only, never the packet thread.
class ForeignSockets {
 public:
  using Answer = Result<std::vector<SocketEntry>>;

  ForeignSockets() = default;
  ForeignSockets(const ForeignSockets&) = delete;
  ForeignSockets& operator=(const ForeignSockets&) = delete;
  virtual ~ForeignSockets() = default;

  // For each connection, in their order, the sockets that MayBeSender() lets through, of all
  // namespaces that have its source address; none: no such namespace or socket.
  virtual std::vector<Answer> Find(std::span<const Connection> connections) = 0;
};

// Does the namespace have that address on an interface of its own?
bool HasAddress(std::span<const InterfaceAddress> addresses, const IpAddress& address);
// Has it two or more interfaces besides loopback? Then it may itself forward, with an address of
// its own, what others sent (masquerading).
bool MayForward(std::span<const InterfaceAddress> addresses);

// Could this socket of such a namespace have sent the packet that came out of it? TCP's first
// packet comes from a socket that is connecting. Where the namespace may forward, only the socket
// of exactly this flow is believed: NAT gives no two flows the same name, but it does give others
// the port of a socket that is not connected.
bool MayBeSender(const Connection& connection, const SocketEntry& socket, bool may_forward);

}  // namespace procwall
