// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/sink_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace procwall {
namespace {

Result<UniqueFd> Connect(int type, const void* address, socklen_t size, int family) {
  UniqueFd socket(::socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.IsOpen()) return SystemError(errno, "create socket");
  if (::connect(socket.UnsafeFd(), static_cast<const sockaddr*>(address), size) != 0 &&
      errno != EINPROGRESS) {
    return SystemError(errno, "connect");
  }
  return socket;
}

Result<UniqueFd> ConnectUnix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return Error{Errc::kTooLarge, 0, "path of a socket"};
  std::memcpy(static_cast<char*>(address.sun_path), path.data(), path.size());
  return Connect(SOCK_DGRAM, &address, sizeof(address), AF_UNIX);
}

Result<UniqueFd> ConnectIp(int type, const Endpoint& endpoint) {
  if (endpoint.address.IsV4()) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(endpoint.port);
    std::memcpy(&address.sin_addr, endpoint.address.Data(), sizeof(address.sin_addr));
    return Connect(type, &address, sizeof(address), AF_INET);
  }
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(endpoint.port);
  std::memcpy(&address.sin6_addr, endpoint.address.Data(), sizeof(address.sin6_addr));
  return Connect(type, &address, sizeof(address), AF_INET6);
}

}  // namespace

Result<UniqueFd> ConnectSink(const SinkTarget& target) {
  switch (target.kind) {
    case SinkTarget::Kind::kSyslogUdp:
      return ConnectIp(SOCK_DGRAM, target.endpoint);
    case SinkTarget::Kind::kSyslogTcp:
      return ConnectIp(SOCK_STREAM, target.endpoint);
    default:
      return ConnectUnix(target.path);
  }
}

}  // namespace procwall
