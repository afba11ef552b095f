// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/port_probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace procwall {
namespace {

union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

// 127.85.80.80, and 100::5050 of the prefix that is there to discard (RFC 6666).
constexpr std::uint32_t kUnusedV4 = 0x7f555050;
constexpr in6_addr kUnusedV6 = {{{0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0x50}}};

SocketAddress UnusedAddress(IpFamily family, Port port) {
  SocketAddress address{};
  if (family == IpFamily::kV4) {
    address.v4 = {.sin_family = AF_INET,
                  .sin_port = htons(port),
                  .sin_addr = {htonl(kUnusedV4)},
                  .sin_zero = {}};
  } else {
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_port = htons(port);
    address.v6.sin6_addr = kUnusedV6;
  }
  return address;
}

bool Allow(const UniqueFd& socket, int level, int option) {
  constexpr int kYes = 1;
  return ::setsockopt(socket.UnsafeFd(), level, option, &kYes, sizeof(kYes)) == 0;
}

UniqueFd OpenProber(IpFamily family) {
  const bool v4 = family == IpFamily::kV4;
  UniqueFd socket(::socket(v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.IsOpen() || !Allow(socket, SOL_SOCKET, SO_REUSEADDR) ||
      !Allow(socket, SOL_SOCKET, SO_REUSEPORT) ||
      // To bind to an address that this host does not have.
      !Allow(socket, v4 ? SOL_IP : SOL_IPV6, v4 ? IP_FREEBIND : IPV6_FREEBIND)) {
    return {};
  }
  return socket;
}

}  // namespace

bool PortProbe::IsAlone(const SocketEntry& socket, IpFamily family) {
  // Bound to one address or interface, a socket does not meet all others of its port.
  if (socket.protocol != IpProtocol::kUdp || socket.IsConnected() || socket.ifindex != 0 ||
      !socket.local.address.IsUnspecified() || socket.local.port == 0) {
    return false;
  }
  Prober& prober = family == IpFamily::kV4 ? v4_ : v6_;
  if (!prober.socket.IsOpen()) prober = {OpenProber(family), {}};
  const int fd = prober.socket.UnsafeFd();
  if (fd < 0) return false;
  // SO_REUSEPORT is for sockets of one user only: the kernel asks for the owner of the file.
  if (prober.uid != socket.uid) {
    if (::fchown(fd, socket.uid, static_cast<gid_t>(-1)) != 0) return false;
    prober.uid = socket.uid;
  }
  const SocketAddress address = UnusedAddress(family, socket.local.port);
  const socklen_t length = family == IpFamily::kV4 ? sizeof(address.v4) : sizeof(address.v6);
  if (::bind(fd, &address.any, length) == 0) {
    prober = {};
    return false;
  }
  return errno == EADDRINUSE;
}

}  // namespace procwall
