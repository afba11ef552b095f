// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/connection.h"

#include <unordered_set>

#include <gtest/gtest.h>

#include "tests/support/buckets.h"

namespace procwall {
namespace {

constexpr Endpoint kSource{IpAddress::V4({10, 0, 0, 1}), 4000};
constexpr Endpoint kDestination{IpAddress::V4({10, 0, 0, 2}), 443};

Packet SomePacket() {
  Packet packet;
  packet.protocol = IpProtocol::kUdp;
  packet.source = kSource;
  packet.destination = kDestination;
  return packet;
}

TEST(ConnectionOf, PutsTheSourceOfAnOutgoingPacketHere) {
  const PacketFacts facts{.in_ifindex = 0, .out_ifindex = 3, .uid = 1000, .mark = 7};
  const Connection expected{.protocol = IpProtocol::kUdp,
                            .local = kSource,
                            .remote = kDestination,
                            .direction = Direction::kOutgoing,
                            .in_ifindex = 0,
                            .out_ifindex = 3,
                            .uid = 1000,
                            .mark = 7};
  EXPECT_EQ(ConnectionOf(SomePacket(), Direction::kOutgoing, facts), expected);
}

TEST(ConnectionOf, PutsTheDestinationOfAnIncomingPacketHere) {
  const Connection connection = ConnectionOf(SomePacket(), Direction::kIncoming, {.in_ifindex = 2});
  const Connection expected{.protocol = IpProtocol::kUdp,
                            .local = kDestination,
                            .remote = kSource,
                            .direction = Direction::kIncoming,
                            .in_ifindex = 2,
                            .out_ifindex = 0,
                            .uid = std::nullopt,
                            .mark = 0};
  EXPECT_EQ(connection, expected);
}

TEST(ConnectionOf, KeepsThePacketsOwnSourceAndDestinationInEveryDirection) {
  for (const auto direction : {Direction::kOutgoing, Direction::kIncoming, Direction::kForwarded}) {
    const Connection connection = ConnectionOf(SomePacket(), direction);
    EXPECT_EQ(connection.Source(), kSource) << DirectionName(direction);
    EXPECT_EQ(connection.Destination(), kDestination) << DirectionName(direction);
  }
}

TEST(KeyOf, IsEqualForBothDirectionsOfAFlow) {
  Packet answer = SomePacket();
  std::swap(answer.source, answer.destination);
  const FlowKey sent = KeyOf(ConnectionOf(SomePacket(), Direction::kOutgoing));
  const FlowKey received = KeyOf(ConnectionOf(answer, Direction::kIncoming));
  EXPECT_EQ(sent, received);
  EXPECT_EQ(std::hash<FlowKey>{}(sent), std::hash<FlowKey>{}(received));
}

TEST(FlowKey, APortScanFillsNoBucket) {
  std::unordered_set<FlowKey> scanned;
  FlowKey key = KeyOf(ConnectionOf(SomePacket(), Direction::kIncoming));
  for (unsigned port = 0; port < 65536; ++port) {
    key.local.port = static_cast<Port>(port);
    key.remote.port = static_cast<Port>(65535 - port);
    scanned.insert(key);
  }
  EXPECT_LT(FullestBucket(scanned), 20U);
}

// <linux/netfilter.h>: PRE_ROUTING 0, LOCAL_IN 1, FORWARD 2, LOCAL_OUT 3, POST_ROUTING 4.
TEST(DirectionOfHook, KnowsEveryHook) {
  EXPECT_EQ(DirectionOfHook(0), Direction::kIncoming);
  EXPECT_EQ(DirectionOfHook(1), Direction::kIncoming);
  EXPECT_EQ(DirectionOfHook(2), Direction::kForwarded);
  EXPECT_EQ(DirectionOfHook(3), Direction::kOutgoing);
  EXPECT_EQ(DirectionOfHook(4), Direction::kOutgoing);
}

TEST(DirectionName, NamesEveryDirection) {
  EXPECT_STREQ(DirectionName(Direction::kOutgoing), "outgoing");
  EXPECT_STREQ(DirectionName(Direction::kIncoming), "incoming");
  EXPECT_STREQ(DirectionName(Direction::kForwarded), "forwarded");
}

}  // namespace
}  // namespace procwall
