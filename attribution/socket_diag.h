// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "attribution/socket_entry.h"
#include "base/bytes.h"
#include "base/result.h"
#include "net/netlink.h"

namespace procwall {

// Asks the kernel about its sockets, in the network namespace it was created in. Protocols that
// inet_diag does not know (ICMP, SCTP without its module, ...) give kUnsupported; whether the
// kernel knows one is asked once. Thread rule: one thread only. Each thread has its own.
class SocketDiag {
 public:
  static Result<SocketDiag> Open();
  // Over a socket of one's own: a test is the kernel at its other end.
  explicit SocketDiag(NetlinkSocket socket) : socket_(std::move(socket)) {}

  // The socket of exactly this connection (2-5 us, whatever the number of sockets); nullopt when
  // there is none. Found as well: a UDP socket that is not connected, where only the local end is
  // certain; a TCP listener on the local port; and several sockets that share a UDP port give one
  // of them, not the sender: see RankCandidates.
  Result<std::optional<SocketEntry>> FindExact(const Connection& connection);

  // Every socket of the protocol with this local port, of both families. The kernel walks its whole
  // table. At most kMaxSockets (kTooLarge).
  Result<std::vector<SocketEntry>> DumpByLocalPort(IpProtocol protocol, Port local_port);

  // TCP's sockets that have not ended. At most kMaxSockets (kTooLarge).
  Result<std::vector<SocketEntry>> DumpLiveTcp();

  // Every socket of the protocol, of both families. At most kMaxSockets (kTooLarge).
  Result<std::vector<SocketEntry>> DumpAll(IpProtocol protocol);
  static constexpr std::size_t kMaxSockets = std::size_t{1} << 20;

  // Does inet_diag know the protocol? kUnsupported: no.
  Status Probe(IpProtocol protocol);

  // SOCK_DESTROY of this one socket, by cookie: its program gets ECONNABORTED. A UDP socket is
  // disconnected, keeps the port it was bound to, and may be used again. Needs CAP_NET_ADMIN
  // and CONFIG_INET_DIAG_DESTROY (kUnsupported). kNotFound when it is gone, or when it shares its
  // UDP port and the kernel would not pick it.
  Status Destroy(const SocketEntry& socket);

 private:
  enum class Known : std::uint8_t { kNotAsked, kNo, kYes };

  // kUnsupported unless inet_diag knows the protocol.
  Status CheckSupport(IpProtocol protocol);
  // Appends what the dump yields; repeats an interrupted one a few times.
  Status Dump(IpProtocol protocol, std::span<std::byte> request, std::vector<SocketEntry>& sockets);

  NetlinkSocket socket_;
  std::array<Known, 256> known_{};  // by protocol number
};

}  // namespace procwall
