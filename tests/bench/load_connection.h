// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace procwall {

enum class LoadProtocol : std::uint8_t {
  kTcp,           // connect(): done when the handshake is
  kUdp,           // sendto() from an unconnected socket: done when the answer is read
  kUdpConnected,  // connect(), send(): done when the answer is read
};

std::optional<LoadProtocol> ParseLoadProtocol(const std::string& name);
const char* LoadProtocolName(LoadProtocol protocol);

// An IPv4 or IPv6 socket address; the kernel's functions take `any`.
union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};
socklen_t AddressLength(const SocketAddress& address);
std::uint16_t PortOf(const SocketAddress& address);
std::string FormatAddress(const SocketAddress& address);  // without the port
// The address with this port. kMalformed: neither IPv4 nor IPv6 (::ffff:a.b.c.d makes the client
// use a v6 socket).
Result<SocketAddress> ParseSocketAddress(const std::string& text, std::uint16_t port);

// Whom the load goes to. Connections walk over `port_count` ports so that a source port that the
// kernel hands out twice within a run does not meet its old conntrack entry again.
struct LoadTarget {
  LoadProtocol protocol = LoadProtocol::kTcp;
  SocketAddress address{};  // with the first port
  std::uint16_t port_count = 1;
  std::chrono::milliseconds timeout{5000};

  SocketAddress AddressOf(std::uint64_t connection) const;
};

// A new socket of the protocol, with the timeout set for connecting, sending and receiving.
Result<UniqueFd> OpenSocket(const LoadTarget& target);

// Makes the given connection on a fresh socket and returns how long it took: from before connect()
// or the first send until it stood or was answered. Opening and closing are not part of it; a TCP
// socket is closed with a reset, so that nothing stays in TIME_WAIT.
Result<std::chrono::nanoseconds> MeasureConnection(const LoadTarget& target,
                                                   std::uint64_t connection);

}  // namespace procwall
