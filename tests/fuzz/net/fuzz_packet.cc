// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "net/connection.h"
#include "net/packet.h"

using procwall::Bytes;
using procwall::Connection;
using procwall::Direction;
using procwall::IpProtocol;
using procwall::Packet;

// A packet that parses keeps what net/packet.h promises, and makes a connection.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes = std::as_bytes(std::span(data, size));
  const auto packet = procwall::ParsePacket(bytes);
  if (!packet) return 0;
  const auto require = [](bool holds) {
    if (!holds) std::abort();
  };
  require(packet->source.address.Family() == packet->family);
  require(packet->destination.address.Family() == packet->family);
  require(packet->payload.empty() ||
          (packet->payload.data() > bytes.data() && packet->payload.size() < bytes.size()));
  const bool is_icmp =
      packet->protocol == IpProtocol::kIcmp || packet->protocol == IpProtocol::kIcmpV6;
  require(HasPorts(packet->protocol) || is_icmp ||
          (packet->source.port == 0 && packet->destination.port == 0));
  require(packet->tcp_flags == 0 || packet->protocol == IpProtocol::kTcp);

  const Connection connection = ConnectionOf(*packet, Direction::kIncoming);
  require(connection.Source() == packet->source);
  require(connection.Family() == packet->family);
  return 0;
}
