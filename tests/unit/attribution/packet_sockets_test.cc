// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/packet_sockets.h"

#include <cerrno>

#include <gtest/gtest.h>

#include "tests/support/errc_of.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_proc.h"
#include "tests/support/netlink_peer.h"
#include "tests/support/packet_socket_reply.h"

namespace procwall {
namespace {

class ReadPacketSocketsTest : public testing::Test {
 protected:
  Result<std::vector<PacketSocketWithOwners>> Read() {
    NetlinkSocket socket = peer.TakeSocket();
    return ReadPacketSockets(socket, proc.Open(), clock);
  }

  FakeClock clock;
  FakeProc proc;
  NetlinkPeer peer;
};

TEST_F(ReadPacketSocketsTest, NamesTheHolders) {
  proc.Put({.pid = 100, .uid = 0, .exe = "/usr/bin/tcpdump"});
  proc.PutSocket(100, 3, 4711);
  const PacketSocket socket{.inode = 4711, .protocol = 3, .ifindex = 2, .uid = 0};
  peer.Say(Join({PacketSocketReply(socket).Sequence(1).Build(), NetlinkDone(0, 1)}));
  const auto table = Read();
  ASSERT_TRUE(table && table->size() == 1);
  EXPECT_EQ(table->front().socket, socket);
  ASSERT_EQ(table->front().owners.size(), 1U);
  EXPECT_EQ(table->front().owners.front()->path, "/usr/bin/tcpdump");
  EXPECT_TRUE(table->front().all_owners_known);
}

TEST_F(ReadPacketSocketsTest, FindsNone) {
  peer.Say(NetlinkDone(0, 1));
  const auto table = Read();
  ASSERT_TRUE(table);
  EXPECT_TRUE(table->empty());
}

TEST_F(ReadPacketSocketsTest, SaysThatTheKernelCannotListThem) {
  peer.Say(NetlinkError(ENOENT, 1));
  EXPECT_EQ(ErrcOf(Read()), Errc::kUnsupported);
}

TEST_F(ReadPacketSocketsTest, RefusesWhatMakesNoSense) {
  packet_diag_msg body{};
  peer.Say(
      Join({NetlinkBuilder(SOCK_DIAG_BY_FAMILY).Flags(NLM_F_MULTI).Sequence(1).Body(body).Build(),
            NetlinkDone(0, 1)}));
  EXPECT_EQ(ErrcOf(Read()), Errc::kUnsupported);
}

}  // namespace
}  // namespace procwall
