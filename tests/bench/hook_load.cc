// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// What a hook in the kernel costs: loops that do nothing but call it. Run by scripts/bench hooks.
//
//   hook_load tcp  ADDRESS PORT ITERATIONS   socket, connect, close with a reset
//   hook_load udp  ADDRESS PORT ITERATIONS   socket, connect, close: no packet
//   hook_load send ADDRESS PORT ITERATIONS   one datagram after another from one connected socket
//   hook_load bulk ADDRESS PORT MILLISECONDS as much as TCP takes; bulk-udp: in datagrams
//   hook_load sink PORT                      the other end of bulk and send; ends with its stdin
//
// The loops print nanoseconds per iteration, the median over chunks; bulk prints Gbit/s.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "tests/bench/load_connection.h"

namespace procwall {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned long kChunk = 500;
constexpr std::size_t kBulkBytes = 256 << 10;
constexpr std::size_t kDatagramBytes = 1400;

UniqueFd Open(const SocketAddress& peer, int type) {
  return UniqueFd(::socket(peer.any.sa_family, type | SOCK_CLOEXEC, 0));
}

bool Connect(const UniqueFd& socket, const SocketAddress& peer) {
  return ::connect(socket.UnsafeFd(), &peer.any, AddressLength(peer)) == 0;
}

bool ConnectTcp(const SocketAddress& peer) {
  const UniqueFd socket = Open(peer, SOCK_STREAM);
  constexpr linger kReset{1, 0};  // nothing stays in TIME_WAIT
  ::setsockopt(socket.UnsafeFd(), SOL_SOCKET, SO_LINGER, &kReset, sizeof(kReset));
  return Connect(socket, peer);
}

bool ConnectUdp(const SocketAddress& peer) { return Connect(Open(peer, SOCK_DGRAM), peer); }

template <typename Act>
int Loop(unsigned long iterations, Act act) {
  std::vector<double> chunks;
  for (unsigned long done = 0; done < iterations; done += kChunk) {
    const auto started = Clock::now();
    for (unsigned long i = 0; i < kChunk; ++i) {
      if (!act()) {
        std::perror("hook_load");
        return 1;
      }
    }
    const std::chrono::duration<double, std::nano> elapsed = Clock::now() - started;
    chunks.push_back(elapsed.count() / kChunk);
  }
  if (chunks.empty()) return 2;
  const auto middle = chunks.begin() + static_cast<std::ptrdiff_t>(chunks.size() / 2);
  std::nth_element(chunks.begin(), middle, chunks.end());
  std::printf("%.1f\n", *middle);
  return 0;
}

int Send(const SocketAddress& peer, unsigned long iterations) {
  const UniqueFd socket = Open(peer, SOCK_DGRAM);
  if (!Connect(socket, peer)) return 1;
  return Loop(iterations, [&socket] { return ::send(socket.UnsafeFd(), "x", 1, 0) == 1; });
}

// SOCK_STREAM or SOCK_DGRAM; so much at a time.
int Bulk(const SocketAddress& peer, unsigned long milliseconds, int type, std::size_t size) {
  const UniqueFd socket = Open(peer, type);
  if (!Connect(socket, peer)) return 1;
  const std::vector<char> data(size);
  const auto started = Clock::now();
  double bytes = 0;
  std::chrono::duration<double> elapsed{};
  while (elapsed.count() * 1000 < static_cast<double>(milliseconds)) {
    const ssize_t sent = ::send(socket.UnsafeFd(), data.data(), data.size(), MSG_NOSIGNAL);
    if (sent < 0) return 1;
    bytes += static_cast<double>(sent);
    elapsed = Clock::now() - started;
  }
  std::printf("%.3f\n", bytes * 8 / elapsed.count() / 1e9);
  return 0;
}

// Reads TCP and throws it away; datagrams are left to fill a buffer and to be dropped behind it.
int Sink(std::uint16_t port) {
  const auto any = ParseSocketAddress("0.0.0.0", port);
  if (!any) return 2;
  const UniqueFd datagrams = Open(*any, SOCK_DGRAM);
  const UniqueFd listener = Open(*any, SOCK_STREAM);
  constexpr int kYes = 1;
  ::setsockopt(listener.UnsafeFd(), SOL_SOCKET, SO_REUSEADDR, &kYes, sizeof(kYes));
  if (::bind(datagrams.UnsafeFd(), &any->any, AddressLength(*any)) < 0 ||
      ::bind(listener.UnsafeFd(), &any->any, AddressLength(*any)) < 0 ||
      ::listen(listener.UnsafeFd(), 8) < 0) {
    return 1;
  }
  std::puts("ready");
  std::fflush(stdout);
  UniqueFd connection;
  std::vector<char> data(kBulkBytes);
  while (true) {
    std::array<pollfd, 3> ready{{{STDIN_FILENO, POLLIN, 0},
                                 {listener.UnsafeFd(), POLLIN, 0},
                                 {connection.UnsafeFd(), POLLIN, 0}}};
    ::poll(ready.data(), ready.size(), -1);
    if (ready[0].revents != 0) return 0;
    if (ready[1].revents != 0) {
      connection = UniqueFd(::accept4(listener.UnsafeFd(), nullptr, nullptr, SOCK_CLOEXEC));
    } else if (ready[2].revents != 0 &&
               ::recv(connection.UnsafeFd(), data.data(), data.size(), 0) <= 0) {
      connection.Reset();
    }
  }
}

int Main(std::span<char*> args) {
  const std::string_view what = args.size() > 1 ? args[1] : "";
  const auto number = [&args](std::size_t i) { return std::strtoul(args[i], nullptr, 10); };
  if (what == "sink" && args.size() == 3) return Sink(static_cast<std::uint16_t>(number(2)));
  if (args.size() != 5) return 2;
  const auto peer = ParseSocketAddress(args[2], static_cast<std::uint16_t>(number(3)));
  if (!peer) return 2;
  if (what == "tcp") return Loop(number(4), [&peer] { return ConnectTcp(*peer); });
  if (what == "udp") return Loop(number(4), [&peer] { return ConnectUdp(*peer); });
  if (what == "send") return Send(*peer, number(4));
  if (what == "bulk") return Bulk(*peer, number(4), SOCK_STREAM, kBulkBytes);
  if (what == "bulk-udp") return Bulk(*peer, number(4), SOCK_DGRAM, kDatagramBytes);
  return 2;
}

}  // namespace
}  // namespace procwall

int main(int argc, char** argv) {
  return procwall::Main(std::span(argv, static_cast<std::size_t>(argc)));
}
