// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_owners.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_proc.h"
#include "tests/support/fake_socket_table.h"
#include "tests/support/flow_reply.h"

namespace procwall {
namespace {

SocketEntry SocketOf(const Endpoint& local, const Endpoint& remote) {
  SocketEntry socket;
  socket.local = local;
  socket.remote = remote;
  socket.state = SocketState::kEstablished;
  socket.inode = 555;
  socket.cookie = 9;
  return socket;
}

class FlowOwnersTest : public testing::Test {
 protected:
  std::vector<FlowOwners::Owned> Find() {
    FlowOwners owners(clock, proc.Open(), table.TakeDiag());
    return owners.Find({&flow, 1});
  }

  FakeClock clock;
  FakeProc proc;
  FakeSocketTable table;
  TrackedFlow flow = SampleFlow();
};

TEST_F(FlowOwnersTest, FindsTheProcessOfAConnectedSocket) {
  proc.Put({.pid = 42});
  proc.PutSocket(42, 3, 555);
  table.KnowsProtocol().Dumps({SocketOf(flow.original.source, flow.original.destination)});
  const auto owned = Find();
  ASSERT_EQ(owned.size(), 1U);
  EXPECT_EQ(owned[0].flow, NameOf(flow));
  const Event& owner = *owned[0].owner;
  EXPECT_EQ(owner.sequence, 0U);
  EXPECT_EQ(owner.connection->direction, Direction::kOutgoing);
  ASSERT_EQ(owner.attribution.processes.size(), 1U);
  EXPECT_EQ(owner.attribution.processes[0]->path, "/usr/bin/curl");
  EXPECT_EQ(owner.attribution.evidence.socket->socket.cookie, 9U);
}

TEST_F(FlowOwnersTest, KnowsAFlowThatCameIn) {
  proc.Put({.pid = 42});
  proc.PutSocket(42, 3, 555);
  table.KnowsProtocol().Dumps({SocketOf(flow.reply.source, flow.reply.destination)});
  const auto owned = Find();
  ASSERT_EQ(owned.size(), 1U);
  EXPECT_EQ(owned[0].owner->connection->direction, Direction::kIncoming);
}

TEST_F(FlowOwnersTest, LeavesAFlowWithoutASocketHereAlone) {
  SocketEntry listener = SocketOf(flow.original.source, {});
  table.KnowsProtocol().Dumps({listener});
  EXPECT_TRUE(Find().empty());
}

TEST_F(FlowOwnersTest, AsksForNothingIfNothingIsWanted) {
  FlowOwners owners(clock, proc.Open(), table.TakeDiag());
  EXPECT_TRUE(owners.Find({}).empty());
  EXPECT_EQ(table.TakeRequests(), 0U);
}

}  // namespace
}  // namespace procwall
