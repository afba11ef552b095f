// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/connection.h"

#include <netinet/in.h>

#include <linux/netfilter.h>

namespace procwall {

const char* DirectionName(Direction direction) {
  switch (direction) {
    case Direction::kOutgoing:
      return "outgoing";
    case Direction::kIncoming:
      return "incoming";
    case Direction::kForwarded:
      return "forwarded";
  }
  return "unknown";
}

Direction DirectionOfHook(std::uint8_t hook) {
  switch (hook) {
    case NF_INET_PRE_ROUTING:
    case NF_INET_LOCAL_IN:
      return Direction::kIncoming;
    case NF_INET_FORWARD:
      return Direction::kForwarded;
    default:
      return Direction::kOutgoing;
  }
}

Connection ConnectionOf(const Packet& packet, Direction direction, const PacketFacts& facts) {
  const bool incoming = direction == Direction::kIncoming;
  return {
      .protocol = packet.protocol,
      .local = incoming ? packet.destination : packet.source,
      .remote = incoming ? packet.source : packet.destination,
      .direction = direction,
      .in_ifindex = facts.in_ifindex,
      .out_ifindex = facts.out_ifindex,
      .uid = facts.uid,
      .mark = facts.mark,
  };
}

}  // namespace procwall
