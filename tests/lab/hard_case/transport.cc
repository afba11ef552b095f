// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "tests/lab/hard_case/transport.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace procwall {
namespace {

struct Kind {
  std::string_view word;
  Transport transport;
  const char* protocol;
  int type;
  int number;  // of the protocol; of its IPv4 form if there are two
};

constexpr int kExperimental = 253;
constexpr std::array kKinds = {
    Kind{"tcp", Transport::kTcp, "tcp", SOCK_STREAM, IPPROTO_TCP},
    Kind{"tcp-fast-open", Transport::kFastOpen, "tcp", SOCK_STREAM, IPPROTO_TCP},
    Kind{"tcp-fast-open-connect", Transport::kFastOpenConnect, "tcp", SOCK_STREAM, IPPROTO_TCP},
    Kind{"mptcp", Transport::kMptcp, "tcp", SOCK_STREAM, IPPROTO_MPTCP},
    Kind{"udp", Transport::kUdp, "udp", SOCK_DGRAM, IPPROTO_UDP},
    Kind{"udp-connected", Transport::kUdpConnected, "udp", SOCK_DGRAM, IPPROTO_UDP},
    Kind{"udplite", Transport::kUdpLite, "udplite", SOCK_DGRAM, IPPROTO_UDPLITE},
    Kind{"ping", Transport::kPing, "icmp", SOCK_DGRAM, IPPROTO_ICMP},
    Kind{"raw-icmp", Transport::kRawIcmp, "icmp", SOCK_RAW, IPPROTO_ICMP},
    Kind{"raw-ip", Transport::kRawIp, "253", SOCK_RAW, kExperimental},
};

const Kind& KindOf(Transport transport) {
  return *std::find_if(kKinds.begin(), kKinds.end(),
                       [transport](const Kind& kind) { return kind.transport == transport; });
}

bool SendTo(int fd, const void* bytes, std::size_t size, int flags, const Peer& peer) {
  return ::sendto(fd, bytes, size, flags | MSG_NOSIGNAL, peer.Pointer(), peer.size) >= 0 ||
         errno == EINPROGRESS;
}

bool Connect(int fd, const Peer& peer) {
  return ::connect(fd, peer.Pointer(), peer.size) == 0 || errno == EINPROGRESS;
}

// An echo request of 8 bytes. Its checksum is the sender's business on an IPv4 raw socket only.
std::array<std::uint8_t, 8> EchoRequest(int family) {
  const auto id = static_cast<std::uint16_t>(::getpid());
  const auto high = static_cast<std::uint8_t>(id >> 8);
  const auto low = static_cast<std::uint8_t>(id & 0xff);
  const std::uint8_t type = family == AF_INET ? 8 : 128;
  std::uint32_t sum = (std::uint32_t{type} << 8) + id + 1;
  sum = (sum & 0xffff) + (sum >> 16);
  sum = ~sum & 0xffff;
  return {type,
          0,
          static_cast<std::uint8_t>(sum >> 8),
          static_cast<std::uint8_t>(sum & 0xff),
          high,
          low,
          0,
          1};
}

}  // namespace

std::optional<Transport> ParseTransport(std::string_view word) {
  for (const Kind& kind : kKinds) {
    if (kind.word == word) return kind.transport;
  }
  return std::nullopt;
}

const char* ProtocolWord(Transport transport) { return KindOf(transport).protocol; }

bool IsTcp(Transport transport) { return KindOf(transport).type == SOCK_STREAM; }

int OpenSocket(Transport transport, int family) {
  const Kind& kind = KindOf(transport);
  int number = kind.number;
  if (number == IPPROTO_ICMP && family == AF_INET6) number = IPPROTO_ICMPV6;
  const int fd = ::socket(family, kind.type | SOCK_NONBLOCK | SOCK_CLOEXEC, number);
  if (transport == Transport::kFastOpenConnect) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof on);
  }
  return fd;
}

bool SendFirst(int fd, Transport transport, const Peer& peer) {
  switch (transport) {
    case Transport::kTcp:
    case Transport::kMptcp:
      return Connect(fd, peer);
    case Transport::kFastOpenConnect:
      if (!Connect(fd, peer)) return false;
      // EAGAIN: the kernel did not trust the peer yet, and the SYN is on its way already.
      return SendConnected(fd) || errno == EINPROGRESS || errno == EAGAIN;
    case Transport::kUdpConnected:
      return Connect(fd, peer) && SendConnected(fd);
    case Transport::kFastOpen:
      return SendTo(fd, "hard", 4, MSG_FASTOPEN, peer);
    case Transport::kUdp:
    case Transport::kUdpLite:
      return SendTo(fd, "hard", 4, 0, peer);
    case Transport::kRawIp:  // raw sockets of IPv6 refuse a port
      return SendTo(fd, "hard", 4, 0, peer.WithPort(0));
    case Transport::kPing:
    case Transport::kRawIcmp: {
      const auto request = EchoRequest(peer.Family());
      return SendTo(fd, request.data(), request.size(), 0, peer.WithPort(0));
    }
  }
  return false;
}

bool SendConnected(int fd) { return ::send(fd, "hard", 4, MSG_NOSIGNAL) == 4; }

}  // namespace procwall
