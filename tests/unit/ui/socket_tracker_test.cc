// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/socket_tracker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class SocketTrackerTest : public testing::Test {
 protected:
  static SocketEntry Socket(std::uint64_t cookie, SocketState state = SocketState::kEstablished) {
    SocketEntry socket;
    socket.cookie = cookie;
    socket.state = state;
    socket.local.port = 1000;
    return socket;
  }
  SocketTracker::Changes Dump(const std::vector<SocketEntry>& sockets) {
    now += std::chrono::seconds(1);
    return tracker.OnDump(sockets, now);
  }

  SocketTracker tracker;
  SocketTracker::Time now{};
};

TEST_F(SocketTrackerTest, TellsWhatIsNewAndWhatIsGone) {
  EXPECT_THAT(Dump({Socket(1), Socket(2)}).begun, SizeIs(2));
  const auto changes = Dump({Socket(2), Socket(3)});
  EXPECT_THAT(changes.begun, ElementsAre(Socket(3)));
  ASSERT_THAT(changes.gone, SizeIs(1));
  EXPECT_EQ(changes.gone[0].socket.socket, Socket(1));
  EXPECT_EQ(changes.gone[0].lived, std::chrono::seconds(1));
  EXPECT_EQ(tracker.Count(), 2U);
  EXPECT_THAT(Dump({Socket(2), Socket(3)}).begun, IsEmpty());
}

TEST_F(SocketTrackerTest, ASocketThatBeginsToListenIsAnotherOne) {
  Dump({Socket(1, SocketState::kClose)});
  EXPECT_THAT(Dump({Socket(1, SocketState::kListen)}).begun, SizeIs(1));
}

TEST_F(SocketTrackerTest, OtherChangesOfStateAreNoNews) {
  Dump({Socket(1, SocketState::kSynSent)});
  const auto changes = Dump({Socket(1, SocketState::kCloseWait)});
  EXPECT_THAT(changes.begun, IsEmpty());
  EXPECT_THAT(changes.gone, IsEmpty());
}

TEST_F(SocketTrackerTest, WhatOnlyClosesIsGone) {
  Dump({Socket(1)});
  EXPECT_THAT(Dump({Socket(1, SocketState::kTimeWait)}).gone, SizeIs(1));
  EXPECT_THAT(Dump({Socket(9, SocketState::kNewSynRecv)}).begun, IsEmpty());
}

TEST_F(SocketTrackerTest, WhatItsProgramClosedIsGone) {
  SocketEntry socket = Socket(1);
  socket.inode = 9;
  Dump({socket});
  socket.state = SocketState::kFinWait2;  // shut down, but held
  EXPECT_THAT(Dump({socket}).gone, IsEmpty());
  socket.inode = 0;
  EXPECT_THAT(Dump({socket}).gone, SizeIs(1));
}

TEST_F(SocketTrackerTest, WithoutCookiesInodesTellThemApart) {
  SocketEntry a = Socket(0);
  SocketEntry b = Socket(0);
  a.inode = 1;
  b.inode = 2;
  EXPECT_THAT(Dump({a, b}).begun, SizeIs(2));
  EXPECT_THAT(Dump({b}).gone, SizeIs(1));
}

TEST_F(SocketTrackerTest, WhoHeldItIsKnownWhenItIsGone) {
  Dump({Socket(1)});
  Process process;
  process.id = {42, 1};
  SocketWithOwners owned{.socket = Socket(1), .owners = {}, .all_owners_known = true};
  owned.owners = {std::make_shared<const Process>(process)};
  tracker.OnOwners(owned);
  EXPECT_EQ(Dump({}).gone.at(0).socket.owners.at(0)->id.pid, 42);
}

TEST(WaitsForOthers, TellsServersFromClients) {
  const PortRange ephemeral;
  SocketEntry socket;
  socket.state = SocketState::kListen;
  socket.local.port = 40000;
  EXPECT_TRUE(WaitsForOthers(socket, ephemeral));
  socket.state = SocketState::kEstablished;
  EXPECT_FALSE(WaitsForOthers(socket, ephemeral));
  socket.protocol = IpProtocol::kUdp;
  socket.state = SocketState::kClose;
  EXPECT_FALSE(WaitsForOthers(socket, ephemeral));  // a client's, as 40000 is not chosen
  socket.local.port = 53;
  EXPECT_TRUE(WaitsForOthers(socket, ephemeral));
  socket.remote.port = 7;
  EXPECT_FALSE(WaitsForOthers(socket, ephemeral));
}

}  // namespace
}  // namespace procwall
