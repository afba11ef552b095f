// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// The other side of load_client: accepts TCP connections and leaves it to the client to reset them,
// answers every datagram with one byte, on a row of ports, over IPv4 and IPv6. One thread.
//
//   load_server FIRST_PORT PORT_COUNT
//
// Prints "ready"; on SIGTERM one line of JSON: how many connections and datagrams arrived.
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "tests/bench/load_connection.h"

namespace procwall {
namespace {

struct Arrivals {
  unsigned long long connections = 0;
  unsigned long long datagrams = 0;
};

// A dual-stack socket on one port, readable in an epoll instance.
Result<UniqueFd> Listen(int type, std::uint16_t port) {
  UniqueFd socket(::socket(AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.IsOpen()) return SystemError(errno, "open a socket");
  constexpr int kNo = 0;
  constexpr int kYes = 1;
  constexpr int kReceiveBytes = 32 << 20;  // a flood must not be lost here
  ::setsockopt(socket.UnsafeFd(), IPPROTO_IPV6, IPV6_V6ONLY, &kNo, sizeof(kNo));
  ::setsockopt(socket.UnsafeFd(), SOL_SOCKET, SO_REUSEADDR, &kYes, sizeof(kYes));
  ::setsockopt(socket.UnsafeFd(), SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBytes,
               sizeof(kReceiveBytes));
  SocketAddress address{};
  address.v6.sin6_family = AF_INET6;
  address.v6.sin6_port = htons(port);
  if (::bind(socket.UnsafeFd(), &address.any, sizeof(address.v6)) < 0) {
    return SystemError(errno, "bind a port");
  }
  if (type == SOCK_STREAM && ::listen(socket.UnsafeFd(), 65535) < 0) {
    return SystemError(errno, "listen");
  }
  return socket;
}

// Accepted connections. Each is closed when kKept newer ones have come: the client has long reset
// it then. Closing at once would race with the end of the client's connect(), which would fail.
class Accepted {
 public:
  void Add(UniqueFd connection) { kept_[next_++ % kKept] = std::move(connection); }

 private:
  static constexpr std::size_t kKept = 512;
  std::array<UniqueFd, kKept> kept_;
  std::size_t next_ = 0;
};

void AcceptAll(int listener, Accepted& accepted, Arrivals& arrivals) {
  while (true) {
    UniqueFd connection(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection.IsOpen()) return;
    accepted.Add(std::move(connection));
    ++arrivals.connections;
  }
}

void AnswerAll(int socket, Arrivals& arrivals) {
  std::array<char, 64> question{};
  while (true) {
    SocketAddress from{};
    socklen_t length = sizeof(from);
    if (::recvfrom(socket, question.data(), question.size(), 0, &from.any, &length) < 0) return;
    ++arrivals.datagrams;
    static_cast<void>(::sendto(socket, "!", 1, 0, &from.any, length));
  }
}

struct Listeners {
  UniqueFd epoll;
  std::vector<UniqueFd> tcp;
  std::vector<UniqueFd> udp;
};

Status Watch(const UniqueFd& epoll, const UniqueFd& fd) {
  epoll_event event = {.events = EPOLLIN, .data = {.fd = fd.UnsafeFd()}};
  if (::epoll_ctl(epoll.UnsafeFd(), EPOLL_CTL_ADD, fd.UnsafeFd(), &event) < 0) {
    return SystemError(errno, "watch a socket");
  }
  return {};
}

Result<Listeners> ListenOn(std::uint16_t first_port, std::uint16_t port_count) {
  Listeners listeners;
  listeners.epoll = UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
  for (std::uint16_t i = 0; i < port_count; ++i) {
    const auto port = static_cast<std::uint16_t>(first_port + i);
    listeners.tcp.push_back(PROCWALL_TRY(Listen(SOCK_STREAM, port)));
    listeners.udp.push_back(PROCWALL_TRY(Listen(SOCK_DGRAM, port)));
    PROCWALL_TRY_STATUS(Watch(listeners.epoll, listeners.tcp.back()));
    PROCWALL_TRY_STATUS(Watch(listeners.epoll, listeners.udp.back()));
  }
  return listeners;
}

// Serves until a signal arrives on `stop`.
Arrivals Serve(const Listeners& listeners, const UniqueFd& stop) {
  Arrivals arrivals;
  Accepted accepted;
  std::array<epoll_event, 64> events{};
  std::vector<bool> is_tcp;
  for (const UniqueFd& listener : listeners.tcp) {
    const auto fd = static_cast<std::size_t>(listener.UnsafeFd());
    if (is_tcp.size() <= fd) is_tcp.resize(fd + 2);
    is_tcp[fd] = true;
  }
  while (true) {
    const int ready = ::epoll_wait(listeners.epoll.UnsafeFd(), events.data(),
                                   static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == stop.UnsafeFd()) return arrivals;
      const auto index = static_cast<std::size_t>(fd);
      if (index < is_tcp.size() && is_tcp[index]) {
        AcceptAll(fd, accepted, arrivals);
      } else {
        AnswerAll(fd, arrivals);
      }
    }
  }
}

int Run(std::uint16_t first_port, std::uint16_t port_count) {
  sigset_t stop_signals;
  ::sigemptyset(&stop_signals);
  ::sigaddset(&stop_signals, SIGTERM);
  ::sigaddset(&stop_signals, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  const UniqueFd stop(::signalfd(-1, &stop_signals, SFD_CLOEXEC));
  const auto listeners = ListenOn(first_port, port_count);
  if (!listeners) {
    std::fprintf(stderr, "load_server: %s\n", listeners.error().ToString().c_str());
    return 1;
  }
  static_cast<void>(Watch(listeners->epoll, stop));
  std::puts("ready");
  std::fflush(stdout);
  const Arrivals arrivals = Serve(*listeners, stop);
  std::printf("{\"connections\": %llu, \"datagrams\": %llu}\n", arrivals.connections,
              arrivals.datagrams);
  return 0;
}

}  // namespace
}  // namespace procwall

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: load_server FIRST_PORT PORT_COUNT\n", stderr);
    return 2;
  }
  return procwall::Run(static_cast<std::uint16_t>(std::strtoul(argv[1], nullptr, 10)),
                       static_cast<std::uint16_t>(std::strtoul(argv[2], nullptr, 10)));
}
