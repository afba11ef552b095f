// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/keyed_hash.h"
#include "net/endpoint.h"
#include "net/ip_protocol.h"
#include "net/packet.h"

namespace procwall {

using Uid = std::uint32_t;

enum class Direction : std::uint8_t { kOutgoing, kIncoming, kForwarded };
const char* DirectionName(Direction direction);  // "outgoing", ...
// By the netfilter hook that queued the packet, NF_INET_* of <linux/netfilter.h>.
Direction DirectionOfHook(std::uint8_t hook);

// Who talks to whom, seen from this host: the five fields that name a flow, and what the kernel
// said about the packet that started it. For ICMP echo, local.port is the identifier (a ping
// socket's "port"); protocols without ports have port 0 on both sides.
struct Connection {
  IpProtocol protocol = IpProtocol::kTcp;
  Endpoint local;   // an incoming packet's destination, any other packet's source
  Endpoint remote;  // the other end
  Direction direction = Direction::kOutgoing;
  std::uint32_t in_ifindex = 0;   // 0: none
  std::uint32_t out_ifindex = 0;  // 0: none
  std::optional<Uid> uid = {};    // NFQA_UID, of the packet's socket; absent when it has none
  std::uint32_t mark = 0;         // the packet's mark (nfmark), host order

  IpFamily Family() const { return local.address.Family(); }
  const Endpoint& Source() const { return direction == Direction::kIncoming ? remote : local; }
  const Endpoint& Destination() const { return direction == Direction::kIncoming ? local : remote; }

  friend bool operator==(const Connection&, const Connection&) = default;
};

// What the kernel says about a packet besides its bytes; the fields are those of Connection.
struct PacketFacts {
  std::uint32_t in_ifindex = 0;
  std::uint32_t out_ifindex = 0;
  std::optional<Uid> uid = {};
  std::uint32_t mark = 0;
};
Connection ConnectionOf(const Packet& packet, Direction direction, const PacketFacts& facts = {});

// The five fields alone: what identifies a flow.
struct FlowKey {
  IpProtocol protocol = IpProtocol::kTcp;
  Endpoint local;
  Endpoint remote;

  friend bool operator==(const FlowKey&, const FlowKey&) = default;
};
inline FlowKey KeyOf(const Connection& connection) {
  return {connection.protocol, connection.local, connection.remote};
}

}  // namespace procwall

template <>
struct std::hash<procwall::FlowKey> {
  std::size_t operator()(const procwall::FlowKey& key) const noexcept {
    const std::hash<procwall::Endpoint> endpoint;
    return procwall::KeyedHash(endpoint(key.local) + static_cast<std::size_t>(key.protocol),
                               endpoint(key.remote));
  }
};
