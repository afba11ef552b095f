// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// The rules one by one; the pairs from the field are in tests/golden/socket_rank.
#include "attribution/socket_rank.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr IpAddress kMe = IpAddress::V4({192, 168, 1, 5});
constexpr IpAddress kMeToo = IpAddress::V4({192, 168, 1, 105});
constexpr IpAddress kPeer = IpAddress::V4({198, 51, 100, 7});
constexpr IpAddress kAny6 = IpAddress::V6({});
constexpr IpAddress kMe6 = IpAddress::V6({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
constexpr Port kPort = 5000;

Connection UdpTo(const IpAddress& remote) {
  Connection connection;
  connection.protocol = IpProtocol::kUdp;
  connection.local = {kMe, kPort};
  connection.remote = {remote, 53};
  connection.out_ifindex = 3;
  return connection;
}

SocketEntry UdpAt(const IpAddress& local, Inode inode = 1) {
  SocketEntry socket;
  socket.protocol = IpProtocol::kUdp;
  socket.family = local.Family();
  socket.local = {local, kPort};
  socket.remote.address = local.IsV4() ? IpAddress{} : kAny6;
  socket.state = SocketState::kClose;
  socket.inode = inode;
  return socket;
}
SocketEntry Connected(SocketEntry socket, const Endpoint& remote) {
  socket.remote = remote;
  socket.state = SocketState::kEstablished;
  return socket;
}

SocketRank RankOf(const Connection& connection, const SocketEntry& socket) {
  return RankCandidates(connection, {socket}).at(0).rank;
}

std::vector<Inode> Order(const Connection& connection, const std::vector<SocketEntry>& sockets) {
  std::vector<Inode> inodes;
  for (const RankedSocket& ranked : RankCandidates(connection, sockets)) {
    inodes.push_back(ranked.socket.inode);
  }
  return inodes;
}

TEST(RankCandidates, LeavesOutOtherProtocolsAndPorts) {
  SocketEntry other_protocol = UdpAt(kMe);
  other_protocol.protocol = IpProtocol::kTcp;
  SocketEntry other_port = UdpAt(kMe);
  other_port.local.port = kPort + 1;
  EXPECT_TRUE(RankCandidates(UdpTo(kPeer), {other_protocol, other_port}).empty());
}

TEST(RankCandidates, PutsTheBestFirst) {
  const SocketEntry same_port = Connected(UdpAt(kMeToo, 1), {kPeer, 99});
  const SocketEntry wildcard = UdpAt(IpAddress{}, 2);
  const SocketEntry same_source = Connected(UdpAt(kMe, 3), {kMeToo, 53});
  const SocketEntry same_flow = Connected(UdpAt(kMe, 4), {kPeer, 53});
  EXPECT_EQ(Order(UdpTo(kPeer), {same_port, wildcard, same_source, same_flow}),
            (std::vector<Inode>{4, 3, 2, 1}));
}

TEST(RankCandidates, KeepsTheOrderOfEquals) {
  EXPECT_EQ(Order(UdpTo(kPeer), {UdpAt(IpAddress{}, 2), UdpAt(IpAddress{}, 1)}),
            (std::vector<Inode>{2, 1}));
}

TEST(RankCandidates, PutsASocketWithAFileBeforeOneWithout) {
  EXPECT_EQ(Order(UdpTo(kPeer), {UdpAt(IpAddress{}, 0), UdpAt(IpAddress{}, 1)}),
            (std::vector<Inode>{1, 0}));
}

TEST(RankCandidates, LetsAnIpv6SocketSpeakIpv4UnlessItMayNot) {
  SocketEntry socket = UdpAt(kAny6);
  EXPECT_EQ(RankOf(UdpTo(kPeer), socket), SocketRank::kWildcard);
  socket.v6_only = true;
  EXPECT_EQ(RankOf(UdpTo(kPeer), socket), SocketRank::kSamePort);
  EXPECT_EQ(RankOf(UdpTo(kPeer), UdpAt(kMe6)), SocketRank::kSamePort);
}

TEST(RankCandidates, DoesNotLetAnIpv4SocketSpeakIpv6) {
  Connection connection = UdpTo(kPeer);
  connection.local.address = connection.remote.address = kMe6;
  EXPECT_EQ(RankOf(connection, UdpAt(IpAddress{})), SocketRank::kSamePort);
  EXPECT_EQ(RankOf(connection, UdpAt(kAny6)), SocketRank::kWildcard);
}

TEST(RankCandidates, TakesASocketConnectedElsewhereForNoSender) {
  EXPECT_EQ(RankOf(UdpTo(kPeer), Connected(UdpAt(kMe), {kMeToo, 99})), SocketRank::kSamePort);
  EXPECT_EQ(RankOf(UdpTo(kPeer), Connected(UdpAt(IpAddress{}), {kMeToo, 53})),
            SocketRank::kSamePort);
}

TEST(RankCandidates, TakesASocketBoundElsewhereForNoSenderToOne) {
  EXPECT_EQ(RankOf(UdpTo(kPeer), UdpAt(kMeToo)), SocketRank::kSamePort);
}

TEST(RankCandidates, TakesASocketBoundElsewhereForASenderToMany) {
  for (const IpAddress& many :
       {IpAddress::V4({224, 0, 0, 251}), IpAddress::V4({255, 255, 255, 255}),
        IpAddress::V4({192, 168, 1, 255}), IpAddress::V4({192, 168, 1, 7})}) {
    EXPECT_EQ(RankOf(UdpTo(many), UdpAt(kMeToo)), SocketRank::kOtherAddress);
  }
}

TEST(RankCandidates, KnowsANeighbourFromABroadcast) {
  for (const IpAddress& one : {IpAddress::V4({192, 168, 1, 3}), IpAddress::V4({192, 168, 1, 127}),
                               IpAddress::V4({192, 168, 1, 6}), IpAddress::V4({10, 0, 0, 255})}) {
    const bool may_be_broadcast = one == IpAddress::V4({192, 168, 1, 127});  // of 192.168.1.0/25
    EXPECT_EQ(RankOf(UdpTo(one), UdpAt(kMeToo)),
              may_be_broadcast ? SocketRank::kOtherAddress : SocketRank::kSamePort);
  }
}

TEST(RankCandidates, TakesASocketOfAnotherInterfaceForNoSender) {
  SocketEntry socket = UdpAt(IpAddress{});
  socket.ifindex = 3;
  EXPECT_EQ(RankOf(UdpTo(kPeer), socket), SocketRank::kWildcard);
  socket.ifindex = 4;
  EXPECT_EQ(RankOf(UdpTo(kPeer), socket), SocketRank::kSamePort);
}

TEST(RankCandidates, DoesNotJudgeByTheInterfaceOnLoopback) {
  Connection connection = UdpTo(kPeer);
  connection.out_ifindex = 1;
  SocketEntry socket = UdpAt(IpAddress{});
  socket.ifindex = 4;
  EXPECT_EQ(RankOf(connection, socket), SocketRank::kWildcard);
}

TEST(RankCandidates, PutsTheSameFlowOfAnotherInterfaceSecond) {
  SocketEntry elsewhere = Connected(UdpAt(kMe, 1), {kPeer, 53});
  elsewhere.ifindex = 4;
  SocketEntry here = Connected(UdpAt(kMe, 2), {kPeer, 53});
  here.ifindex = 3;
  EXPECT_EQ(Order(UdpTo(kPeer), {elsewhere, here}), (std::vector<Inode>{2, 1}));
}

TEST(RankCandidates, TakesAListenerForAReceiverOnly) {
  Connection connection = UdpTo(kPeer);
  connection.protocol = IpProtocol::kTcp;
  SocketEntry listener = UdpAt(IpAddress{});
  listener.protocol = IpProtocol::kTcp;
  listener.state = SocketState::kListen;
  EXPECT_EQ(RankOf(connection, listener), SocketRank::kSamePort);
  connection.direction = Direction::kIncoming;
  EXPECT_EQ(RankOf(connection, listener), SocketRank::kWildcard);
}

TEST(SocketRank, HasANameAndAReason) {
  EXPECT_STREQ(SocketRankName(SocketRank::kSameFlow), "same-flow");
  EXPECT_STREQ(SocketRankName(SocketRank::kSamePort), "same-port");
  for (std::uint8_t rank = 0; rank <= 4; ++rank) {
    EXPECT_STRNE(SocketRankReason(static_cast<SocketRank>(rank)), "unknown");
  }
}

}  // namespace
}  // namespace procwall
