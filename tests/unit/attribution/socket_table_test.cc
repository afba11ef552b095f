// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/socket_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_proc.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SocketEntry SocketAt(Port port, Inode inode, IpProtocol protocol = IpProtocol::kTcp) {
  SocketEntry socket;
  socket.protocol = protocol;
  socket.local.port = port;
  socket.inode = inode;
  return socket;
}

std::vector<Pid> PidsOf(const SocketWithOwners& row) {
  std::vector<Pid> pids;
  for (const ProcessPtr& process : row.owners) pids.push_back(process->id.pid);
  return pids;
}

class FindOwnersTest : public testing::Test {
 protected:
  std::vector<SocketWithOwners> Find(std::vector<SocketEntry> sockets) {
    return FindOwners(std::move(sockets), proc.Open(), clock);
  }

  FakeProc proc;
  SystemClock clock;
};

TEST_F(FindOwnersTest, JoinsEverySocketWithAllItsOwners) {
  for (const Pid pid : {9, 8, 7}) proc.Put({.pid = pid});
  proc.PutSocket(7, 3, 100);
  proc.PutSocket(9, 3, 100);
  proc.PutSocket(8, 3, 200);
  const auto table = Find({SocketAt(80, 100), SocketAt(443, 200), SocketAt(8080, 300)});
  ASSERT_EQ(table.size(), 3U);
  EXPECT_THAT(PidsOf(table[0]), ElementsAre(7, 9));
  EXPECT_THAT(PidsOf(table[1]), ElementsAre(8));
  EXPECT_THAT(PidsOf(table[2]), IsEmpty());
  EXPECT_TRUE(table[2].all_owners_known);
}

TEST_F(FindOwnersTest, SortsByProtocolThenByEndpoints) {
  const SocketEntry tcp80 = SocketAt(80, 1);
  const SocketEntry tcp443 = SocketAt(443, 2);
  const SocketEntry udp53 = SocketAt(53, 3, IpProtocol::kUdp);
  const auto table = Find({udp53, tcp443, tcp80});
  ASSERT_EQ(table.size(), 3U);
  EXPECT_EQ(table[0].socket, tcp80);
  EXPECT_EQ(table[1].socket, tcp443);
  EXPECT_EQ(table[2].socket, udp53);
}

TEST_F(FindOwnersTest, GivesNoOwnerToASocketWithoutAFile) {
  proc.Put({.pid = 7});
  proc.PutSocket(7, 3, 0);
  const auto table = Find({SocketAt(80, 0)});
  EXPECT_THAT(PidsOf(table[0]), IsEmpty());
  EXPECT_TRUE(table[0].all_owners_known);
}

TEST_F(FindOwnersTest, HasNoRowWithoutASocket) { EXPECT_THAT(Find({}), IsEmpty()); }

}  // namespace
}  // namespace procwall
