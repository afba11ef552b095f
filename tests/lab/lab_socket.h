// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "net/connection.h"

namespace procwall {

inline IpAddress Loopback4() { return IpAddress::V4({127, 0, 0, 1}); }
inline IpAddress Loopback6() {
  return IpAddress::V6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
}

inline constexpr int kDontWait = 0;

// A real socket, closed when it dies. Calls return true on success and leave errno.
class LabSocket {
 public:
  LabSocket(IpFamily family, IpProtocol protocol)
      : family_(family),
        protocol_(protocol),
        fd_(::socket(family == IpFamily::kV4 ? AF_INET : AF_INET6,
                     (protocol == IpProtocol::kTcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC,
                     static_cast<int>(protocol))) {}
  LabSocket(IpFamily family, IpProtocol protocol, UniqueFd fd)
      : family_(family), protocol_(protocol), fd_(std::move(fd)) {}

  int Fd() const { return fd_.UnsafeFd(); }
  IpProtocol Protocol() const { return protocol_; }
  void Close() { fd_.Reset(); }

  bool Set(int level, int option, int value) const {
    return ::setsockopt(Fd(), level, option, &value, sizeof(value)) == 0;
  }
  bool Bind(const Endpoint& local) const {
    const Address address(family_, local, 0);
    return ::bind(Fd(), address.Pointer(), address.length) == 0;
  }
  bool Listen() const { return ::listen(Fd(), 16) == 0; }
  bool Connect(const Endpoint& remote, std::uint32_t scope = 0) const {
    const Address address(family_, remote, scope);
    return ::connect(Fd(), address.Pointer(), address.length) == 0;
  }
  bool ConnectWithoutWaiting(const Endpoint& remote, std::uint32_t scope = 0) const {
    timeval once{0, 1000};
    ::setsockopt(Fd(), SOL_SOCKET, SO_SNDTIMEO, &once, sizeof(once));
    return Connect(remote, scope) || errno == EINPROGRESS;
  }
  LabSocket Accept() const {
    return {family_, protocol_, UniqueFd(::accept4(Fd(), nullptr, nullptr, SOCK_CLOEXEC))};
  }
  bool Send(std::string_view text) const {
    return ::send(Fd(), text.data(), text.size(), MSG_NOSIGNAL) >= 0;
  }
  bool SendTo(const Endpoint& remote, std::string_view text) const {
    const Address address(family_, remote, 0);
    return ::sendto(Fd(), text.data(), text.size(), 0, address.Pointer(), address.length) >= 0;
  }
  // What arrived in time; empty when nothing did, or on an error, which errno tells.
  std::string Receive(int patience_ms = 1000) const {
    pollfd readable{Fd(), POLLIN, 0};
    std::string text(65536, '\0');
    errno = 0;
    if (::poll(&readable, 1, patience_ms) <= 0) return {};
    const ssize_t size = ::recv(Fd(), text.data(), text.size(), MSG_DONTWAIT);
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
  }

  Endpoint Local() const { return NameOf(::getsockname); }
  Endpoint Remote() const { return NameOf(::getpeername); }
  // The connection as a packet sent by this socket would tell it.
  Connection ConnectionTo(const Endpoint& remote) const {
    Connection connection;
    connection.protocol = protocol_;
    connection.local = Local();
    connection.remote = remote;
    if (connection.local.address.IsUnspecified()) connection.local.address = remote.address;
    connection.out_ifindex = 1;  // lo
    return connection;
  }
  std::uint64_t Inode() const {
    struct stat status {};
    ::fstat(Fd(), &status);
    return status.st_ino;
  }
  std::uint64_t Cookie() const {
    std::uint64_t cookie = 0;
    socklen_t length = sizeof(cookie);
    ::getsockopt(Fd(), SOL_SOCKET, SO_COOKIE, &cookie, &length);
    return cookie;
  }

 private:
  // An IPv4 endpoint becomes a v4-mapped address for an IPv6 socket.
  struct Address {
    Address(IpFamily family, const Endpoint& endpoint, std::uint32_t scope) {
      if (family == IpFamily::kV4) {
        auto& v4 = Fill<sockaddr_in>();
        v4.sin_family = AF_INET;
        v4.sin_port = htons(endpoint.port);
        std::memcpy(&v4.sin_addr, endpoint.address.Data(), 4);
      } else {
        auto& v6 = Fill<sockaddr_in6>();
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(endpoint.port);
        v6.sin6_scope_id = scope;
        if (endpoint.address.IsV4()) v6.sin6_addr.s6_addr[10] = v6.sin6_addr.s6_addr[11] = 0xff;
        std::memcpy(&v6.sin6_addr.s6_addr[endpoint.address.IsV4() ? 12 : 0],
                    endpoint.address.Data(), endpoint.address.Size());
      }
    }
    template <typename T>
    T& Fill() {
      length = sizeof(T);
      return *static_cast<T*>(static_cast<void*>(&storage));
    }
    const sockaddr* Pointer() const {
      return static_cast<const sockaddr*>(static_cast<const void*>(&storage));
    }
    sockaddr_storage storage{};
    socklen_t length = 0;
  };

  template <typename GetName>
  Endpoint NameOf(GetName get_name) const {
    sockaddr_storage storage{};
    socklen_t length = sizeof(storage);
    get_name(Fd(), static_cast<sockaddr*>(static_cast<void*>(&storage)), &length);
    if (family_ == IpFamily::kV4) {
      std::array<std::uint8_t, 4> bytes{};
      const auto* v4 = static_cast<const sockaddr_in*>(static_cast<const void*>(&storage));
      std::memcpy(bytes.data(), &v4->sin_addr, bytes.size());
      return {IpAddress::V4(bytes), ntohs(v4->sin_port)};
    }
    std::array<std::uint8_t, 16> bytes{};
    const auto* v6 = static_cast<const sockaddr_in6*>(static_cast<const void*>(&storage));
    std::memcpy(bytes.data(), &v6->sin6_addr, bytes.size());
    return {IpAddress::V6(bytes), ntohs(v6->sin6_port)};
  }

  IpFamily family_;
  IpProtocol protocol_;
  UniqueFd fd_;
};

}  // namespace procwall
