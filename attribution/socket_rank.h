// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <vector>

#include "attribution/socket_entry.h"

namespace procwall {

// How well a socket fits a packet, best first.
enum class SocketRank : std::uint8_t {
  kSameFlow,      // protocol, both addresses and both ports are equal
  kSameSource,    // source address and both ports are equal
  kWildcard,      // bound to all addresses or not connected, and could have sent this packet
  kOtherAddress,  // a multicast or broadcast sender, bound to another local address
  kSamePort,      // nothing but protocol and source port
};
const char* SocketRankName(SocketRank rank);    // "same-flow", ...
const char* SocketRankReason(SocketRank rank);  // a sentence for people

struct RankedSocket {
  SocketEntry socket;
  SocketRank rank = SocketRank::kSamePort;

  friend bool operator==(const RankedSocket&, const RankedSocket&) = default;
};

// All sockets of the packet's protocol and local port, best first; equal ranks keep their order,
// except that a socket bound to another interface comes after the others, and one without an inode
// after one with. Sockets of another protocol or port are left out. For an incoming packet "could
// have sent" reads "could receive".
std::vector<RankedSocket> RankCandidates(const Connection& connection,
                                         const std::vector<SocketEntry>& sockets);

}  // namespace procwall
