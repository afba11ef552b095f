// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// What the real kernel says about real sockets: the facts that attribution is built on.
#include <net/if.h>
#include <poll.h>

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attribution/socket_diag.h"
#include "tests/lab/lab_socket.h"
#include "tests/lab/own_network.h"
#include "tests/support/kernel_program.h"

namespace procwall {
namespace {

constexpr Port kServerPort = 4000;
constexpr Port kClientPort = 4001;

struct KernelDiag : testing::Test {
  void SetUp() override {
    auto opened = SocketDiag::Open();
    ASSERT_TRUE(opened) << opened.error().ToString();
    diag.emplace(std::move(*opened));
  }

  // Expects that the exact lookup finds this socket and no other.
  void ExpectFound(const LabSocket& socket, const Connection& connection) {
    const auto found = diag->FindExact(connection);
    ASSERT_TRUE(found) << found.error().ToString();
    ASSERT_TRUE(*found);
    EXPECT_EQ((*found)->inode, socket.Inode());
    EXPECT_EQ((*found)->cookie, socket.Cookie());
    EXPECT_EQ((*found)->protocol, socket.Protocol());
    EXPECT_EQ((*found)->local.port, connection.local.port);
  }
  SocketEntry EntryOf(const LabSocket& socket, const Endpoint& remote) {
    const auto found = diag->FindExact(socket.ConnectionTo(remote));
    return found && *found ? **found : SocketEntry{};
  }

  std::optional<SocketDiag> diag;
};

LabSocket Listener(const IpAddress& address, IpFamily family) {
  LabSocket listener(family, IpProtocol::kTcp);
  listener.Set(SOL_SOCKET, SO_REUSEADDR, 1);
  EXPECT_TRUE(listener.Bind({address, kServerPort}));
  EXPECT_TRUE(listener.Listen());
  return listener;
}

TEST_F(KernelDiag, FindsATcpSocketInSynSent) {
  const LabSocket socket(IpFamily::kV4, IpProtocol::kTcp);
  const Endpoint silent{IpAddress::V4({127, 0, 0, 9}), 4009};
  AddMangleRule({"-A", "OUTPUT", "-p", "tcp", "--dport", "4009", "-j", "DROP"});
  ASSERT_TRUE(socket.ConnectWithoutWaiting(silent));
  ExpectFound(socket, socket.ConnectionTo(silent));
  EXPECT_EQ(EntryOf(socket, silent).state, SocketState::kSynSent);
}

TEST_F(KernelDiag, FindsConnectedTcpOfBothFamilies) {
  for (const IpAddress& address : {Loopback4(), Loopback6()}) {
    const LabSocket listener = Listener(address, address.Family());
    const LabSocket client(address.Family(), IpProtocol::kTcp);
    ASSERT_TRUE(client.Connect({address, kServerPort}));
    ExpectFound(client, client.ConnectionTo({address, kServerPort}));
    EXPECT_EQ(EntryOf(client, client.Remote()).remote, (Endpoint{address, kServerPort}));
  }
}

TEST_F(KernelDiag, FindsAMappedTcpSocketByItsIpv4Connection) {
  const LabSocket listener = Listener(Loopback4(), IpFamily::kV4);
  const LabSocket client(IpFamily::kV6, IpProtocol::kTcp);
  ASSERT_TRUE(client.Connect({Loopback4(), kServerPort}));
  ExpectFound(client, client.ConnectionTo({Loopback4(), kServerPort}));
  EXPECT_EQ(EntryOf(client, client.Remote()).family, IpFamily::kV6);
  EXPECT_EQ(EntryOf(client, client.Remote()).local.address, Loopback4());
}

TEST_F(KernelDiag, FindsConnectedDatagramSockets) {
  for (const IpProtocol protocol : {IpProtocol::kUdp, IpProtocol::kUdpLite}) {
    for (const IpAddress& address : {Loopback4(), Loopback6()}) {
      const LabSocket socket(address.Family(), protocol);
      ASSERT_TRUE(socket.Connect({address, kServerPort}));
      ExpectFound(socket, socket.ConnectionTo({address, kServerPort}));
    }
  }
}

TEST_F(KernelDiag, FindsUnconnectedDatagramSockets) {
  for (const IpProtocol protocol : {IpProtocol::kUdp, IpProtocol::kUdpLite}) {
    for (const IpAddress& address : {Loopback4(), Loopback6()}) {
      const LabSocket socket(address.Family(), protocol);
      ASSERT_TRUE(socket.SendTo({address, kServerPort}, "x"));
      ExpectFound(socket, socket.ConnectionTo({address, kServerPort}));
      EXPECT_FALSE(EntryOf(socket, {address, kServerPort}).IsConnected());
    }
  }
}

TEST_F(KernelDiag, FindsAnUnconnectedIpv6SocketThatSendsIpv4) {
  const LabSocket socket(IpFamily::kV6, IpProtocol::kUdp);
  ASSERT_TRUE(socket.SendTo({Loopback4(), kServerPort}, "x"));
  ExpectFound(socket, socket.ConnectionTo({Loopback4(), kServerPort}));
  EXPECT_FALSE(EntryOf(socket, {Loopback4(), kServerPort}).v6_only);
}

TEST_F(KernelDiag, TellsIpv6OnlySockets) {
  const LabSocket socket(IpFamily::kV6, IpProtocol::kUdp);
  socket.Set(IPPROTO_IPV6, IPV6_V6ONLY, 1);
  ASSERT_TRUE(socket.SendTo({Loopback6(), kServerPort}, "x"));
  EXPECT_TRUE(EntryOf(socket, {Loopback6(), kServerPort}).v6_only);
}

TEST_F(KernelDiag, FindsASocketBoundToItsInterfaceOnlyWhenTheInterfaceIsNamed) {
  const LabSocket socket(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_EQ(::setsockopt(socket.Fd(), SOL_SOCKET, SO_BINDTODEVICE, "lo", 2), 0);
  ASSERT_TRUE(socket.Connect({Loopback4(), kServerPort}));
  Connection connection = socket.ConnectionTo({Loopback4(), kServerPort});
  ExpectFound(socket, connection);
  connection.out_ifindex = 0;
  const auto found = diag->FindExact(connection);
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
}

TEST_F(KernelDiag, FindsALinkLocalConnection) {
  ASSERT_EQ(RunProgram({"ip", "link", "add", "va", "type", "veth", "peer", "name", "vb"}), 0);
  ASSERT_EQ(RunProgram({"ip", "link", "set", "va", "up"}), 0);
  ASSERT_EQ(RunProgram({"ip", "link", "set", "vb", "up"}), 0);
  ASSERT_EQ(RunProgram({"ip", "addr", "add", "fe80::1/64", "dev", "va", "nodad"}), 0);
  const std::uint32_t ifindex = ::if_nametoindex("va");
  const Endpoint nobody{IpAddress::V6({0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}),
                        4000};
  for (const IpProtocol protocol : {IpProtocol::kTcp, IpProtocol::kUdp}) {
    const LabSocket socket(IpFamily::kV6, protocol);
    ASSERT_TRUE(socket.ConnectWithoutWaiting(nobody, ifindex));
    Connection connection = socket.ConnectionTo(nobody);
    connection.out_ifindex = ifindex;
    ExpectFound(socket, connection);
    EXPECT_EQ((*diag->FindExact(connection))->ifindex, ifindex);
  }
  RunProgram({"ip", "link", "del", "va"});
}

TEST_F(KernelDiag, GivesAConnectionThatNobodyAcceptedNoInode) {
  const LabSocket listener = Listener(Loopback4(), IpFamily::kV4);
  const LabSocket client(IpFamily::kV4, IpProtocol::kTcp);
  ASSERT_TRUE(client.Connect({Loopback4(), kServerPort}));
  Connection connection = client.ConnectionTo(client.Remote());
  std::swap(connection.local, connection.remote);
  const auto found = diag->FindExact(connection);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->inode, 0U);
}

TEST_F(KernelDiag, GivesATimeWaitSocketNoInode) {
  LabSocket listener = Listener(Loopback4(), IpFamily::kV4);
  LabSocket client(IpFamily::kV4, IpProtocol::kTcp);
  ASSERT_TRUE(client.Connect({Loopback4(), kServerPort}));
  const Connection connection = client.ConnectionTo(client.Remote());
  LabSocket accepted = listener.Accept();
  client.Close();
  accepted.Close();
  SocketEntry last;
  for (int i = 0; i < 100 && last.state != SocketState::kTimeWait; ++i) {
    if (i > 0) ::poll(nullptr, 0, 10);  // the last FIN may still be under way
    const auto found = diag->FindExact(connection);
    ASSERT_TRUE(found && *found);
    last = **found;
  }
  EXPECT_EQ(last.state, SocketState::kTimeWait);
  EXPECT_EQ(last.inode, 0U);
}

TEST_F(KernelDiag, FindsNothingWhereNothingIs) {
  for (const IpProtocol protocol : {IpProtocol::kTcp, IpProtocol::kUdp, IpProtocol::kUdpLite}) {
    Connection connection;
    connection.protocol = protocol;
    connection.local = {Loopback4(), 4444};
    connection.remote = {Loopback4(), 4445};
    const auto found = diag->FindExact(connection);
    ASSERT_TRUE(found) << found.error().ToString();
    EXPECT_FALSE(*found);
  }
}

TEST_F(KernelDiag, DoesNotKnowPings) {
  Connection ping;
  ping.protocol = IpProtocol::kIcmp;
  const auto found = diag->FindExact(ping);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::kUnsupported);
}

TEST_F(KernelDiag, DumpsBothFamiliesOfOnePort) {
  for (const IpProtocol protocol : {IpProtocol::kTcp, IpProtocol::kUdp, IpProtocol::kUdpLite}) {
    const LabSocket v4(IpFamily::kV4, protocol);
    const LabSocket v6(IpFamily::kV6, protocol);
    const LabSocket other(IpFamily::kV4, protocol);
    ASSERT_TRUE(v4.Bind({Loopback4(), kClientPort}));
    ASSERT_TRUE(v6.Bind({Loopback6(), kClientPort}));
    ASSERT_TRUE(other.Bind({Loopback4(), kClientPort + 1}));
    if (protocol == IpProtocol::kTcp) {
      ASSERT_TRUE(v4.Listen() && v6.Listen() && other.Listen());
    }
    const auto sockets = diag->DumpByLocalPort(protocol, kClientPort);
    ASSERT_TRUE(sockets) << sockets.error().ToString();
    std::vector<Inode> inodes;
    for (const SocketEntry& socket : *sockets) inodes.push_back(socket.inode);
    EXPECT_THAT(inodes, testing::UnorderedElementsAre(v4.Inode(), v6.Inode()));
  }
}

TEST_F(KernelDiag, DumpsMoreThanOneDatagramHolds) {
  std::vector<LabSocket> sockets;
  constexpr std::size_t kMany = 900;
  for (std::size_t i = 0; i < kMany; ++i) {
    sockets.emplace_back(IpFamily::kV4, IpProtocol::kUdp);
    ASSERT_TRUE(sockets.back().Bind({Loopback4(), 0}));
  }
  const auto dumped = diag->DumpAll(IpProtocol::kUdp);
  ASSERT_TRUE(dumped);
  EXPECT_EQ(dumped->size(), kMany);
}

TEST_F(KernelDiag, DestroysOneTcpSocketOfTwo) {
  for (const IpFamily family : {IpFamily::kV4, IpFamily::kV6}) {  // the second one is v4-mapped
    const LabSocket listener = Listener(Loopback4(), IpFamily::kV4);
    const Endpoint server{Loopback4(), kServerPort};
    const LabSocket doomed(family, IpProtocol::kTcp);
    const LabSocket spared(family, IpProtocol::kTcp);
    ASSERT_TRUE(doomed.Connect(server) && spared.Connect(server));
    const Status destroyed = diag->Destroy(EntryOf(doomed, server));
    ASSERT_TRUE(destroyed) << destroyed.error().ToString();
    EXPECT_EQ(doomed.Receive(), "");
    EXPECT_EQ(errno, ECONNABORTED);
    EXPECT_TRUE(spared.Send("still here"));
  }
}

TEST_F(KernelDiag, DestroysOneConnectedUdpSocketOfTwo) {
  for (const IpAddress& address : {Loopback4(), Loopback6()}) {
    const Endpoint server{address, kServerPort};
    const LabSocket receiver(address.Family(), IpProtocol::kUdp);
    ASSERT_TRUE(receiver.Bind(server));
    const LabSocket doomed(address.Family(), IpProtocol::kUdp);
    const LabSocket spared(address.Family(), IpProtocol::kUdp);
    ASSERT_TRUE(doomed.Connect(server) && spared.Connect(server));
    const Status destroyed = diag->Destroy(EntryOf(doomed, server));
    ASSERT_TRUE(destroyed) << destroyed.error().ToString();
    EXPECT_EQ(doomed.Receive(), "");
    EXPECT_EQ(errno, ECONNABORTED);
    EXPECT_TRUE(spared.Send("still here"));
  }
}

TEST_F(KernelDiag, DestroysTheRightOneOfTwinsThatShareAPort) {
  std::vector<LabSocket> twins;
  for (int i = 0; i < 4; ++i) {
    twins.emplace_back(IpFamily::kV4, IpProtocol::kUdp);
    twins.back().Set(SOL_SOCKET, SO_REUSEPORT, 1);
    ASSERT_TRUE(twins.back().Bind({Loopback4(), kClientPort}));
  }
  const auto entries = diag->DumpByLocalPort(IpProtocol::kUdp, kClientPort);
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), twins.size());
  for (const SocketEntry& entry : *entries) {
    if (entry.inode != twins[1].Inode()) continue;
    const Status destroyed = diag->Destroy(entry);
    EXPECT_TRUE(destroyed) << destroyed.error().ToString();
  }
  for (const LabSocket& twin : twins) {
    int error = 0;
    socklen_t length = sizeof(error);
    ::getsockopt(twin.Fd(), SOL_SOCKET, SO_ERROR, &error, &length);
    EXPECT_EQ(error, &twin == &twins[1] ? ECONNABORTED : 0);
  }
}

TEST_F(KernelDiag, CannotDestroyASocketTwice) {
  const LabSocket listener = Listener(Loopback4(), IpFamily::kV4);
  const LabSocket client(IpFamily::kV4, IpProtocol::kTcp);
  ASSERT_TRUE(client.Connect({Loopback4(), kServerPort}));
  const SocketEntry entry = EntryOf(client, client.Remote());
  ASSERT_TRUE(diag->Destroy(entry));
  const Status again = diag->Destroy(entry);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace procwall

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::AddGlobalTestEnvironment(std::make_unique<procwall::OwnNetwork>().release());
  return procwall::RunKernelTests();
}
