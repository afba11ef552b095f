// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <vector>

#include "attribution/socket_entry.h"
#include "base/bytes.h"
#include "base/result.h"
#include "net/netlink.h"

namespace procwall {

// Pure halves: <linux/sock_diag.h>, <linux/inet_diag.h>. For TCP the local end goes into idiag_src;
// for UDP and UDP-Lite the kernel's exact lookup wants it the other way round.
std::vector<std::byte> EncodeExactRequest(const Connection& connection);
std::vector<std::byte> EncodeDumpRequest(IpProtocol protocol, IpFamily family, Port local_port);
std::vector<std::byte> EncodeDestroyRequest(const SocketEntry& socket);
Result<SocketEntry> DecodeSocket(IpProtocol protocol, Bytes netlink_message);

// Asks the kernel about its sockets, in the network namespace it was created in. Protocols that
// inet_diag does not know (ICMP, SCTP without its module, ...) give kUnsupported. Thread rule: one
// thread only. Each thread has its own.
class SocketDiag {
 public:
  static Result<SocketDiag> Open();

  // The socket of exactly this connection (2-5 us, whatever the number of sockets); nullopt when
  // there is none. An unconnected UDP socket is found as well; then only its local end is certain:
  // see RankCandidates.
  Result<std::optional<SocketEntry>> FindExact(const Connection& connection);

  // Every socket of the protocol with this local port, of both families. The kernel walks its whole
  // table.
  Result<std::vector<SocketEntry>> DumpByLocalPort(IpProtocol protocol, Port local_port);

  // Every socket of the protocol, of both families.
  Result<std::vector<SocketEntry>> DumpAll(IpProtocol protocol);

  // SOCK_DESTROY of this one socket, by cookie: its program gets ECONNABORTED. Needs CAP_NET_ADMIN
  // and CONFIG_INET_DIAG_DESTROY (kUnsupported). kNotFound when it is gone.
  Status Destroy(const SocketEntry& socket);

 private:
  explicit SocketDiag(NetlinkSocket socket) : socket_(std::move(socket)) {}
  NetlinkSocket socket_;
};

}  // namespace procwall
