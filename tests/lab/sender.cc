// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors

// A program that uses the network once and is gone: what a firewall that looks programs up too
// slowly lets through; or one that stays as long as its standard input is open.
// usage: lab_sender udp|tcp ADDRESS PORT exit|close|fork|stay|storm|wait

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <span>
#include <string_view>

namespace {

// An address of either family, and how to use it with the socket calls.
struct Peer {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

bool ParsePeer(const char* address, std::uint16_t port, Peer& peer) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, address, &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&peer.storage, &v4, sizeof v4);
    peer.size = sizeof v4;
    return true;
  }
  if (::inet_pton(AF_INET6, address, &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&peer.storage, &v6, sizeof v6);
    peer.size = sizeof v6;
    return true;
  }
  return false;
}

// The one packet: a datagram, or the SYN of a connection nobody waits for.
bool Send(int fd, bool is_udp, const Peer& peer) {
  const auto* address = static_cast<const sockaddr*>(static_cast<const void*>(&peer.storage));
  if (is_udp) return ::sendto(fd, "leak", 4, 0, address, peer.size) == 4;
  return ::connect(fd, address, peer.size) == 0 || errno == EINPROGRESS;
}

// kStormSize sockets, each used once, as fast as they go. How many did send?
constexpr int kStormSize = 10;
int Storm(bool is_udp, const Peer& peer) {
  int sent = 0;
  for (int i = 0; i < kStormSize; ++i) {
    const int fd =
        ::socket(peer.storage.ss_family, (is_udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK, 0);
    if (fd >= 0 && Send(fd, is_udp, peer)) ++sent;
  }
  return sent;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> args(argv, static_cast<std::size_t>(argc));
  std::uint16_t port = 0;
  Peer peer;
  if (args.size() != 5 ||
      std::from_chars(args[3], args[3] + std::strlen(args[3]), port).ec != std::errc{} ||
      !ParsePeer(args[2], port, peer)) {
    std::cerr << "usage: lab_sender udp|tcp ADDRESS PORT exit|close|fork|stay|storm|wait\n";
    return 2;
  }
  const bool is_udp = std::string_view(args[1]) == "udp";
  const std::string_view then = args[4];
  if (then == "storm") _exit(Storm(is_udp, peer) == kStormSize ? 0 : 1);
  const int fd =
      ::socket(peer.storage.ss_family, (is_udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK, 0);
  if (fd < 0) return 1;
  if (then == "fork" && ::fork() != 0) _exit(0);  // the child inherits the socket and sends
  const bool sent = Send(fd, is_udp, peer);
  if (then ==
      "wait") {  // until it is connected or refused; whoever started it does not wait so long
    pollfd outcome{fd, POLLOUT, 0};
    ::poll(&outcome, 1, 100'000);
  }
  if (then == "stay") std::cin.get();
  if (then == "close") {
    ::close(fd);
    ::usleep(50000);  // alive, but its socket is not
  }
  _exit(sent ? 0 : 1);
}
