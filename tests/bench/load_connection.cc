// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "tests/bench/load_connection.h"

#include <arpa/inet.h>
#include <sys/time.h>

#include <array>
#include <cerrno>

namespace procwall {
namespace {

// One byte is enough: the first packet of the flow is what a firewall holds.
constexpr std::array<char, 1> kQuestion = {'?'};

Status Connect(const UniqueFd& socket, const SocketAddress& address) {
  if (::connect(socket.UnsafeFd(), &address.any, AddressLength(address)) < 0) {
    return SystemError(errno, "connect");
  }
  return {};
}

Status ReceiveAnswer(const UniqueFd& socket) {
  std::array<char, 64> answer{};
  if (::recv(socket.UnsafeFd(), answer.data(), answer.size(), 0) < 0) {
    return SystemError(errno, "receive the answer");
  }
  return {};
}

Status Exchange(const UniqueFd& socket, LoadProtocol protocol, const SocketAddress& address) {
  if (protocol == LoadProtocol::kUdp) {
    if (::sendto(socket.UnsafeFd(), kQuestion.data(), kQuestion.size(), 0, &address.any,
                 AddressLength(address)) < 0) {
      return SystemError(errno, "send");
    }
    return ReceiveAnswer(socket);
  }
  PROCWALL_TRY_STATUS(Connect(socket, address));
  if (protocol == LoadProtocol::kTcp) return {};
  if (::send(socket.UnsafeFd(), kQuestion.data(), kQuestion.size(), 0) < 0) {
    return SystemError(errno, "send");
  }
  return ReceiveAnswer(socket);
}

}  // namespace

std::optional<LoadProtocol> ParseLoadProtocol(const std::string& name) {
  if (name == "tcp") return LoadProtocol::kTcp;
  if (name == "udp") return LoadProtocol::kUdp;
  if (name == "udp-connected") return LoadProtocol::kUdpConnected;
  return std::nullopt;
}

const char* LoadProtocolName(LoadProtocol protocol) {
  switch (protocol) {
    case LoadProtocol::kTcp:
      return "tcp";
    case LoadProtocol::kUdp:
      return "udp";
    case LoadProtocol::kUdpConnected:
      return "udp-connected";
  }
  return "";
}

socklen_t AddressLength(const SocketAddress& address) {
  return address.any.sa_family == AF_INET6 ? sizeof(address.v6) : sizeof(address.v4);
}

std::uint16_t PortOf(const SocketAddress& address) {
  return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

std::string FormatAddress(const SocketAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.any.sa_family == AF_INET6) {
    ::inet_ntop(AF_INET6, &address.v6.sin6_addr, text.data(), text.size());
  } else {
    ::inet_ntop(AF_INET, &address.v4.sin_addr, text.data(), text.size());
  }
  return text.data();
}

Result<SocketAddress> ParseSocketAddress(const std::string& text, std::uint16_t port) {
  SocketAddress address{};
  if (::inet_pton(AF_INET, text.c_str(), &address.v4.sin_addr) == 1) {
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = htons(port);
    return address;
  }
  if (::inet_pton(AF_INET6, text.c_str(), &address.v6.sin6_addr) == 1) {
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_port = htons(port);
    return address;
  }
  return Error{Errc::kMalformed, 0, "address"};
}

SocketAddress LoadTarget::AddressOf(std::uint64_t connection) const {
  SocketAddress result = address;
  const auto port = htons(static_cast<std::uint16_t>(PortOf(address) + connection % port_count));
  if (result.any.sa_family == AF_INET6) {
    result.v6.sin6_port = port;
  } else {
    result.v4.sin_port = port;
  }
  return result;
}

Result<UniqueFd> OpenSocket(const LoadTarget& target) {
  const int type = target.protocol == LoadProtocol::kTcp ? SOCK_STREAM : SOCK_DGRAM;
  UniqueFd socket(::socket(target.address.any.sa_family, type | SOCK_CLOEXEC, 0));
  if (!socket.IsOpen()) return SystemError(errno, "open a socket");
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(target.timeout);
  const timeval timeout = {
      .tv_sec = seconds.count(),
      .tv_usec = std::chrono::microseconds(target.timeout - seconds).count(),
  };
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO}) {
    ::setsockopt(socket.UnsafeFd(), SOL_SOCKET, option, &timeout, sizeof(timeout));
  }
  if (target.protocol == LoadProtocol::kTcp) {
    const linger reset = {.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket.UnsafeFd(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  }
  return socket;
}

Result<std::chrono::nanoseconds> MeasureConnection(const LoadTarget& target,
                                                   std::uint64_t connection) {
  const SocketAddress address = target.AddressOf(connection);
  const UniqueFd socket = PROCWALL_TRY(OpenSocket(target));
  const auto start = std::chrono::steady_clock::now();
  PROCWALL_TRY_STATUS(Exchange(socket, target.protocol, address));
  return std::chrono::steady_clock::now() - start;
}

}  // namespace procwall
