// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/connections.h"

#include <sys/socket.h>

#include <sstream>

#include <gtest/gtest.h>

#include "base/unique_fd.h"

namespace procwall {
namespace {

using Protocols = ConnectionsOptions::Protocols;

SocketEntry Socket(IpProtocol protocol, SocketState state, Port remote_port) {
  SocketEntry socket;
  socket.protocol = protocol;
  socket.state = state;
  socket.local = {*IpAddress::Parse("192.0.2.10"), 40000};
  socket.remote.port = remote_port;
  return socket;
}

const SocketEntry kTcpListener = Socket(IpProtocol::kTcp, SocketState::kListen, 0);
const SocketEntry kTcpConnection = Socket(IpProtocol::kTcp, SocketState::kEstablished, 443);
const SocketEntry kUdpOpen = Socket(IpProtocol::kUdp, SocketState::kClose, 0);
const SocketEntry kUdpConnected = Socket(IpProtocol::kUdp, SocketState::kEstablished, 53);

TEST(IsWanted, ShowsEverythingByDefault) {
  for (const SocketEntry& socket : {kTcpListener, kTcpConnection, kUdpOpen, kUdpConnected}) {
    EXPECT_TRUE(IsWanted({}, socket));
  }
}

TEST(IsWanted, TellsListenersFromConnections) {
  const ConnectionsOptions listening{.listening_only = true};
  EXPECT_TRUE(IsWanted(listening, kTcpListener));
  EXPECT_FALSE(IsWanted(listening, kTcpConnection));
  EXPECT_TRUE(IsWanted(listening, kUdpOpen));
  EXPECT_FALSE(IsWanted(listening, kUdpConnected));
}

TEST(IsWanted, TellsTcpFromUdp) {
  EXPECT_FALSE(IsWanted({.protocols = Protocols::kUdp}, kTcpConnection));
  EXPECT_TRUE(IsWanted({.protocols = Protocols::kUdp}, kUdpOpen));
  EXPECT_TRUE(IsWanted({.protocols = Protocols::kUdp},
                       Socket(IpProtocol::kUdpLite, SocketState::kClose, 0)));
  EXPECT_FALSE(IsWanted({.protocols = Protocols::kTcp}, kUdpOpen));
}

TEST(RowOf, NamesSocketUserAndHolders) {
  SocketWithOwners entry{.socket = kTcpConnection, .owners = {}, .all_owners_known = true};
  entry.socket.remote.address = *IpAddress::Parse("192.0.2.1");
  entry.socket.inode = 99;
  Process process;
  process.id = {4211, 5};
  process.path = "/tmp/a\nb";
  process.args = {"a\x1b[2J"};
  entry.owners = {std::make_shared<const Process>(process)};
  UserNames users;
  EXPECT_EQ(RowOf(entry, users), (SocketRow{.protocol = "tcp",
                                            .state = "ESTAB",
                                            .local_ip = "192.0.2.10",
                                            .local_port = 40000,
                                            .peer_ip = "192.0.2.1",
                                            .peer_port = 443,
                                            .uid = 0,
                                            .user = "root",
                                            .inode = 99,
                                            .holders = {{4211, "/tmp/a\\x0ab", {"a\\x1b[2J"}}},
                                            .all_holders_known = true}));
}

TEST(RowOf, ShowsANamesakeAsRulesSeeIt) {
  SocketWithOwners entry{.socket = kTcpConnection, .owners = {}, .all_owners_known = true};
  Process process;
  process.path = "/usr/bin/curl";
  process.executable_state = ExecutableState::kNamesake;
  process.container = "web";
  entry.owners = {std::make_shared<const Process>(process)};
  UserNames users;
  EXPECT_EQ(RowOf(entry, users).holders.at(0).path, "web:/usr/bin/curl");
}

TEST(RowOf, LeavesThePeerOfAListenerEmpty) {
  UserNames users;
  EXPECT_EQ(RowOf({.socket = kTcpListener, .owners = {}, .all_owners_known = true}, users).peer_ip,
            "");
}

}  // namespace
}  // namespace procwall
