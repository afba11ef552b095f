// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/socket_diag.h"

#include <cerrno>

#include <gtest/gtest.h>

#include "tests/support/netlink_peer.h"
#include "tests/support/socket_reply.h"

namespace procwall {
namespace {

SocketEntry UdpSocket(Inode inode, IpFamily family = IpFamily::kV4) {
  SocketEntry socket;
  socket.protocol = IpProtocol::kUdp;
  socket.family = family;
  if (family == IpFamily::kV6) socket.local.address = socket.remote.address = IpAddress::V6({});
  socket.local.port = 40000;
  socket.state = SocketState::kClose;
  socket.inode = inode;
  return socket;
}

// The first question a SocketDiag asks about a protocol has sequence number 1: does the kernel know
// it?
struct SocketDiagTest : testing::Test {
  void KernelKnowsTheProtocol() const { kernel.Say(NetlinkDone(0, 1)); }
  void SayDumped(const SocketEntry& socket, std::uint32_t sequence, int flags = 0) const {
    kernel.Say(SocketReply(socket).Flags(NLM_F_MULTI | flags).Sequence(sequence).Build());
  }
  static Connection AnyUdp() {
    Connection connection;
    connection.protocol = IpProtocol::kUdp;
    return connection;
  }

  NetlinkPeer kernel;
  SocketDiag diag{kernel.TakeSocket()};
};

TEST_F(SocketDiagTest, FindsTheSocketTheKernelNames) {
  KernelKnowsTheProtocol();
  kernel.Say(SocketReply(UdpSocket(4711)).Sequence(2).Build());
  const auto found = diag.FindExact(AnyUdp());
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, UdpSocket(4711));
}

TEST_F(SocketDiagTest, AsksOnceWhetherTheKernelKnowsAProtocol) {
  KernelKnowsTheProtocol();
  kernel.Say(SocketReply(UdpSocket(1)).Sequence(2).Build());
  kernel.Say(SocketReply(UdpSocket(2)).Sequence(3).Build());
  ASSERT_TRUE(diag.FindExact(AnyUdp()));
  const auto second = diag.FindExact(AnyUdp());
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, UdpSocket(2));
}

TEST_F(SocketDiagTest, FindsNothingWhereTheKernelKnowsNone) {
  KernelKnowsTheProtocol();
  kernel.Say(NetlinkError(ENOENT, 2));
  const auto found = diag.FindExact(AnyUdp());
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, std::nullopt);
}

TEST_F(SocketDiagTest, RefusesAProtocolTheKernelDoesNotKnow) {
  kernel.Say(NetlinkDone(ENOENT, 1));
  for (int i = 0; i < 2; ++i) {  // the second time it remembers
    const auto found = diag.FindExact(AnyUdp());
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, Errc::kUnsupported);
  }
}

TEST_F(SocketDiagTest, AsksNothingAboutProtocolsWithoutPorts) {
  Connection ping;
  ping.protocol = IpProtocol::kIcmp;
  const auto found = diag.FindExact(ping);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::kUnsupported);
  EXPECT_EQ(kernel.Hear(), ByteVector{});
}

TEST_F(SocketDiagTest, TellsAnotherFailureAsItIs) {
  KernelKnowsTheProtocol();
  kernel.Say(NetlinkError(EPERM, 2));
  const auto found = diag.FindExact(AnyUdp());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::kPermission);
}

TEST_F(SocketDiagTest, DumpsBothFamilies) {
  KernelKnowsTheProtocol();
  SayDumped(UdpSocket(1), 2);
  SayDumped(UdpSocket(2), 2);
  kernel.Say(NetlinkDone(0, 2));
  SayDumped(UdpSocket(3, IpFamily::kV6), 3);
  kernel.Say(NetlinkDone(0, 3));
  const auto sockets = diag.DumpByLocalPort(IpProtocol::kUdp, 40000);
  ASSERT_TRUE(sockets);
  EXPECT_EQ(*sockets,
            (std::vector<SocketEntry>{UdpSocket(1), UdpSocket(2), UdpSocket(3, IpFamily::kV6)}));
}

TEST_F(SocketDiagTest, DumpsBothFamiliesOfTcpAtOnce) {
  KernelKnowsTheProtocol();
  kernel.Say(NetlinkDone(0, 2));
  const auto sockets = diag.DumpByLocalPort(IpProtocol::kTcp, 40000);
  ASSERT_TRUE(sockets);
  EXPECT_TRUE(sockets->empty());
}

TEST_F(SocketDiagTest, RepeatsAnInterruptedDump) {
  KernelKnowsTheProtocol();
  SayDumped(UdpSocket(1), 2, NLM_F_DUMP_INTR);
  kernel.Say(NetlinkDone(0, 2));
  SayDumped(UdpSocket(2), 3);
  kernel.Say(NetlinkDone(0, 3));
  kernel.Say(NetlinkDone(0, 4));
  const auto sockets = diag.DumpByLocalPort(IpProtocol::kUdp, 40000);
  ASSERT_TRUE(sockets);
  EXPECT_EQ(*sockets, std::vector<SocketEntry>{UdpSocket(2)});
}

TEST_F(SocketDiagTest, GivesUpOnADumpThatIsInterruptedForEver) {
  KernelKnowsTheProtocol();
  for (std::uint32_t sequence = 2; sequence < 6; ++sequence) {
    SayDumped(UdpSocket(1), sequence, NLM_F_DUMP_INTR);
    kernel.Say(NetlinkDone(0, sequence));
  }
  const auto sockets = diag.DumpByLocalPort(IpProtocol::kUdp, 40000);
  ASSERT_FALSE(sockets);
  EXPECT_EQ(sockets.error().code, Errc::kBusy);
}

TEST_F(SocketDiagTest, LacksTheRightToDestroy) {
  KernelKnowsTheProtocol();
  kernel.Say(NetlinkError(EPERM, 2));
  const Status destroyed = diag.Destroy(UdpSocket(1));
  ASSERT_FALSE(destroyed);
  EXPECT_EQ(destroyed.error().code, Errc::kPermission);
}

TEST_F(SocketDiagTest, TriesOtherRemotePortsUntilTheKernelPicksTheSocket) {
  KernelKnowsTheProtocol();
  kernel.Say(NetlinkError(ENOENT, 2));
  kernel.Say(NetlinkError(ENOENT, 3));
  kernel.Say(NetlinkError(0, 4));
  EXPECT_TRUE(diag.Destroy(UdpSocket(1)));
}

TEST_F(SocketDiagTest, TriesAConnectedSocketOnce) {
  KernelKnowsTheProtocol();
  kernel.Say(NetlinkError(ENOENT, 2));
  SocketEntry connected = UdpSocket(1);
  connected.remote = {IpAddress::V4({192, 0, 2, 99}), 443};
  const Status destroyed = diag.Destroy(connected);
  ASSERT_FALSE(destroyed);
  EXPECT_EQ(destroyed.error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace procwall
