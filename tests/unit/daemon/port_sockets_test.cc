// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/port_sockets.h"

#include <cerrno>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/errc_of.h"
#include "tests/support/fake_socket_table.h"

namespace procwall {
namespace {

SocketEntry SocketOn(Port port, Inode inode) {
  SocketEntry socket;
  socket.local.port = port;
  socket.state = SocketState::kSynSent;
  socket.inode = inode;
  return socket;
}

Connection From(Port port) {
  Connection connection;
  connection.local.port = port;
  return connection;
}

class PortSocketsTest : public testing::Test {
 protected:
  void ExpectMany() {
    for (std::size_t i = 0; i <= PortSockets::kMaxPortDumps; ++i) sockets.Expect(From(1));
  }
  std::vector<SocketEntry> Of(Port port) {
    const auto of_port = sockets.Of(From(port));
    EXPECT_TRUE(of_port);
    return of_port.value_or(std::vector<SocketEntry>{});
  }

  FakeSocketTable table;
  SocketDiag diag{table.TakeDiag()};
  PortSockets sockets{diag};
};

TEST_F(PortSocketsTest, AFewQuestionsAreADumpEach) {
  table.KnowsProtocol().Dumps({SocketOn(1, 11)}).Dumps({SocketOn(2, 22)});
  sockets.Expect(From(1));
  sockets.Expect(From(2));
  EXPECT_EQ(Of(1), std::vector{SocketOn(1, 11)});
  EXPECT_EQ(Of(2), std::vector{SocketOn(2, 22)});
}

TEST_F(PortSocketsTest, ManyQuestionsShareOneDump) {
  table.KnowsProtocol().Dumps({SocketOn(1, 11), SocketOn(2, 22), SocketOn(1, 12)});
  ExpectMany();
  EXPECT_EQ(Of(1), (std::vector{SocketOn(1, 11), SocketOn(1, 12)}));
  EXPECT_EQ(Of(2), std::vector{SocketOn(2, 22)});
  EXPECT_EQ(Of(3), std::vector<SocketEntry>{});
  EXPECT_EQ(table.TakeRequests(), 2U);  // is the protocol known; the dump
}

TEST_F(PortSocketsTest, ManyQuestionsShareOneFailureToo) {
  table.KnowsProtocol().Fails(EPERM);
  ExpectMany();
  EXPECT_EQ(ErrcOf(sockets.Of(From(1))), Errc::kPermission);
  EXPECT_EQ(ErrcOf(sockets.Of(From(2))), Errc::kPermission);
  EXPECT_EQ(table.TakeRequests(), 2U);
}

TEST_F(PortSocketsTest, ProtocolsAreCountedApart) {
  table.KnowsProtocol().Dumps({SocketOn(1, 11)});
  Connection udp = From(1);
  udp.protocol = IpProtocol::kUdp;
  for (std::size_t i = 0; i <= PortSockets::kMaxPortDumps; ++i) sockets.Expect(udp);
  sockets.Expect(From(1));
  EXPECT_EQ(Of(1), std::vector{SocketOn(1, 11)});
}

}  // namespace
}  // namespace procwall
