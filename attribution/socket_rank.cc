// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/socket_rank.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace procwall {
namespace {

constexpr std::uint32_t kLoopbackIfindex = 1;  // in every network namespace

std::uint32_t InterfaceOf(const Connection& connection) {
  return connection.direction == Direction::kOutgoing ? connection.out_ifindex
                                                      : connection.in_ifindex;
}

// SO_BINDTODEVICE keeps a socket to one interface. Loopback proves nothing: what a bound socket
// sends to an address of this host goes there all the same.
bool UsesInterface(const SocketEntry& socket, std::uint32_t ifindex) {
  return socket.ifindex == 0 || ifindex == 0 || ifindex == kLoopbackIfindex ||
         socket.ifindex == ifindex;
}

// An IPv6 socket speaks IPv4 too unless it is v6-only or bound to an IPv6 address.
bool SpeaksFamily(const SocketEntry& socket, IpFamily family) {
  if (family == IpFamily::kV6) return socket.family == IpFamily::kV6;
  if (socket.family == IpFamily::kV4) return true;
  return !socket.v6_only && (socket.local.address.IsV4() || socket.local.address.IsUnspecified());
}

std::uint32_t NumberOf(const IpAddress& address) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | address.Data()[i];
  return number;
}

// Is there a subnet of four or more addresses that holds both, and whose last address is
// `destination`? Its real prefix length is not told with the packet.
bool MayBeSubnetBroadcast(const IpAddress& source, const IpAddress& destination) {
  if (!source.IsV4() || !destination.IsV4() || source == destination) return false;
  const std::uint32_t number = NumberOf(destination);
  const int host_bits = std::countr_one(number);
  const int differing_bits = 32 - std::countl_zero(NumberOf(source) ^ number);
  return host_bits >= 2 && differing_bits <= host_bits;
}

bool ReachesMany(const Endpoint& source, const Endpoint& destination) {
  return destination.address.IsMulticast() || destination.address.IsLimitedBroadcast() ||
         MayBeSubnetBroadcast(source.address, destination.address);
}

// A listener answers connections, it never begins one.
bool CanTakePart(const Connection& connection, const SocketEntry& socket) {
  const bool only_answers =
      socket.state == SocketState::kListen && connection.direction == Direction::kOutgoing;
  const bool talks_to_remote = !socket.IsConnected() || socket.remote == connection.remote;
  return !only_answers && talks_to_remote && SpeaksFamily(socket, connection.Family()) &&
         UsesInterface(socket, InterfaceOf(connection));
}

SocketRank RankOf(const Connection& connection, const SocketEntry& socket) {
  const bool same_address = socket.local.address == connection.local.address;
  if (same_address && socket.remote == connection.remote) return SocketRank::kSameFlow;
  if (same_address && socket.IsConnected() && socket.remote.port == connection.remote.port) {
    return SocketRank::kSameSource;
  }
  if (!CanTakePart(connection, socket)) return SocketRank::kSamePort;
  if (same_address || socket.local.address.IsUnspecified()) return SocketRank::kWildcard;
  if (ReachesMany(connection.Source(), connection.Destination())) return SocketRank::kOtherAddress;
  return SocketRank::kSamePort;
}

}  // namespace

const char* SocketRankName(SocketRank rank) {
  switch (rank) {
    case SocketRank::kSameFlow:
      return "same-flow";
    case SocketRank::kSameSource:
      return "same-source";
    case SocketRank::kWildcard:
      return "wildcard";
    case SocketRank::kOtherAddress:
      return "other-address";
    case SocketRank::kSamePort:
      return "same-port";
  }
  return "unknown";
}

const char* SocketRankReason(SocketRank rank) {
  switch (rank) {
    case SocketRank::kSameFlow:
      return "protocol, both addresses and both ports are those of the packet";
    case SocketRank::kSameSource:
      return "local address and both ports are those of the packet, the remote address is another";
    case SocketRank::kWildcard:
      return "its local port is that of the packet, it is bound to all addresses or connected to "
             "nobody, and it could have sent the packet";
    case SocketRank::kOtherAddress:
      return "its local port is that of the packet, and it is bound to another address of this "
             "host; the packet goes to many";
    case SocketRank::kSamePort:
      return "only protocol and local port are those of the packet";
  }
  return "unknown";
}

std::vector<RankedSocket> RankCandidates(const Connection& connection,
                                         const std::vector<SocketEntry>& sockets) {
  std::vector<RankedSocket> ranked;
  for (const SocketEntry& socket : sockets) {
    if (socket.protocol != connection.protocol || socket.local.port != connection.local.port) {
      continue;
    }
    ranked.push_back({socket, RankOf(connection, socket)});
  }
  const std::uint32_t ifindex = InterfaceOf(connection);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [ifindex](const RankedSocket& a, const RankedSocket& b) {
                     const auto key = [ifindex](const RankedSocket& candidate) {
                       return std::tuple(candidate.rank, !UsesInterface(candidate.socket, ifindex),
                                         candidate.socket.inode == 0);
                     };
                     return key(a) < key(b);
                   });
  return ranked;
}

}  // namespace procwall
