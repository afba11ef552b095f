// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/foreign_sockets.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

const IpAddress kMine = *IpAddress::Parse("10.91.0.2");
const IpAddress kOther = *IpAddress::Parse("10.92.0.2");
const IpAddress kServer = *IpAddress::Parse("192.0.2.1");
const InterfaceAddress kLoopback{*IpAddress::Parse("127.0.0.1"), 1};

TEST(ForeignSockets, KnowsTheAddressesOfANamespace) {
  const std::vector<InterfaceAddress> addresses{kLoopback, {kMine, 2}};
  EXPECT_TRUE(HasAddress(addresses, kMine));
  EXPECT_FALSE(HasAddress(addresses, kOther));
}

TEST(ForeignSockets, KnowsWhoMayForward) {
  EXPECT_FALSE(MayForward(std::vector<InterfaceAddress>{}));
  EXPECT_FALSE(MayForward(std::vector<InterfaceAddress>{kLoopback, {kMine, 2}, {kOther, 2}}));
  EXPECT_TRUE(MayForward(std::vector<InterfaceAddress>{kLoopback, {kMine, 2}, {kOther, 3}}));
}

Connection Forwarded(IpProtocol protocol) {
  Connection connection;
  connection.protocol = protocol;
  connection.local = {kMine, 40000};
  connection.remote = {kServer, 443};
  connection.direction = Direction::kForwarded;
  return connection;
}

SocketEntry SocketOf(IpProtocol protocol, SocketState state, Endpoint remote) {
  SocketEntry socket;
  socket.protocol = protocol;
  socket.local = {kMine, 40000};
  socket.remote = remote;
  socket.state = state;
  return socket;
}

TEST(ForeignSockets, AConnectingSocketSendsTheFirstPacket) {
  const Connection connection = Forwarded(IpProtocol::kTcp);
  const Endpoint peer{kServer, 443};
  using State = SocketState;
  EXPECT_TRUE(MayBeSender(connection, SocketOf(IpProtocol::kTcp, State::kSynSent, peer), true));
  EXPECT_FALSE(
      MayBeSender(connection, SocketOf(IpProtocol::kTcp, State::kEstablished, peer), false));
  EXPECT_FALSE(MayBeSender(connection, SocketOf(IpProtocol::kTcp, State::kListen, {}), false));
}

TEST(ForeignSockets, ATranslatedDestinationIsBelievedWhereNobodyElseTranslates) {
  const Connection connection = Forwarded(IpProtocol::kTcp);
  const auto asked =
      SocketOf(IpProtocol::kTcp, SocketState::kSynSent, {*IpAddress::Parse("10.99.0.1"), 443});
  EXPECT_TRUE(MayBeSender(connection, asked, false));
  EXPECT_FALSE(MayBeSender(connection, asked, true));
}

TEST(ForeignSockets, AnUnconnectedSocketIsBelievedWhereNobodyForwards) {
  const Connection connection = Forwarded(IpProtocol::kUdp);
  const auto open = SocketOf(IpProtocol::kUdp, SocketState::kClose, {});
  EXPECT_TRUE(MayBeSender(connection, open, false));
  EXPECT_FALSE(MayBeSender(connection, open, true));
}

TEST(ForeignSockets, AnotherPortOrProtocolSentSomethingElse) {
  const auto open = SocketOf(IpProtocol::kUdp, SocketState::kClose, {});
  Connection connection = Forwarded(IpProtocol::kUdpLite);
  EXPECT_FALSE(MayBeSender(connection, open, false));
  connection = Forwarded(IpProtocol::kUdp);
  connection.local.port = 40001;
  EXPECT_FALSE(MayBeSender(connection, open, false));
}

}  // namespace
}  // namespace procwall
