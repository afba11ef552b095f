// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/port_probe.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace procwall {
namespace {

// UDP sockets of this host, bound to all addresses; nothing is sent.
struct Bound {
  explicit Bound(int family, int share_option = 0, Port port = 0, bool v6_only = false)
      : fd(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const int yes = 1;
    const int only = v6_only ? 1 : 0;
    if (share_option != 0) {
      ::setsockopt(fd.UnsafeFd(), SOL_SOCKET, share_option, &yes, sizeof(yes));
    }
    if (family == AF_INET6) {
      ::setsockopt(fd.UnsafeFd(), SOL_IPV6, IPV6_V6ONLY, &only, sizeof(only));
    }
    union {
      sockaddr any;
      sockaddr_in v4;
      sockaddr_in6 v6;
    } address{};
    address.any.sa_family = static_cast<sa_family_t>(family);
    address.v4.sin_port = htons(port);  // where sin6_port lies too
    socklen_t length = family == AF_INET ? sizeof(address.v4) : sizeof(address.v6);
    bound = ::bind(fd.UnsafeFd(), &address.any, length) == 0;
    ::getsockname(fd.UnsafeFd(), &address.any, &length);
    entry.protocol = IpProtocol::kUdp;
    entry.family = family == AF_INET ? IpFamily::kV4 : IpFamily::kV6;
    entry.local.port = ntohs(address.v4.sin_port);
    entry.uid = ::geteuid();
  }

  UniqueFd fd;
  bool bound = false;
  SocketEntry entry;
};

TEST(PortProbeOnThisHost, FindsAnOrdinarySocketAlone) {
  const Bound socket(AF_INET);
  ASSERT_TRUE(socket.bound);
  EXPECT_TRUE(PortProbe().IsAlone(socket.entry, IpFamily::kV4));
}

TEST(PortProbeOnThisHost, FindsADualStackSocketAloneForBothFamilies) {
  const Bound socket(AF_INET6);
  if (!socket.bound) GTEST_SKIP() << "no IPv6 on this host";
  PortProbe probe;
  EXPECT_TRUE(probe.IsAlone(socket.entry, IpFamily::kV4));
  EXPECT_TRUE(probe.IsAlone(socket.entry, IpFamily::kV6));
}

TEST(PortProbeOnThisHost, DoesNotCallASocketAloneThatSharesItsAddress) {
  const Bound socket(AF_INET, SO_REUSEADDR);
  const Bound twin(AF_INET, SO_REUSEADDR, socket.entry.local.port);
  ASSERT_TRUE(twin.bound);
  EXPECT_FALSE(PortProbe().IsAlone(socket.entry, IpFamily::kV4));
}

TEST(PortProbeOnThisHost, DoesNotCallASocketAloneThatSharesItsPort) {
  const Bound socket(AF_INET, SO_REUSEPORT);
  const Bound twin(AF_INET, SO_REUSEPORT, socket.entry.local.port);
  ASSERT_TRUE(twin.bound);
  EXPECT_FALSE(PortProbe().IsAlone(socket.entry, IpFamily::kV4));
}

TEST(PortProbeOnThisHost, DoesNotCallASocketAloneThatWouldShareItsPort) {
  const Bound socket(AF_INET, SO_REUSEPORT);
  EXPECT_FALSE(PortProbe().IsAlone(socket.entry, IpFamily::kV4));
}

// A twin with the family of the other packets proves nothing about these.
TEST(PortProbeOnThisHost, AsksForTheFamilyOfThePacket) {
  const Bound v4(AF_INET);
  const Bound v6(AF_INET6, SO_REUSEPORT, v4.entry.local.port, /*v6_only=*/true);
  if (!v6.bound) GTEST_SKIP() << "no IPv6 on this host";
  PortProbe probe;
  EXPECT_TRUE(probe.IsAlone(v4.entry, IpFamily::kV4));
  EXPECT_FALSE(probe.IsAlone(v6.entry, IpFamily::kV6));
}

TEST(PortProbeOnThisHost, AnswersTheNextQuestionAfterASharedPort) {
  const Bound shared(AF_INET, SO_REUSEADDR);
  const Bound alone(AF_INET);
  PortProbe probe;
  EXPECT_FALSE(probe.IsAlone(shared.entry, IpFamily::kV4));
  EXPECT_TRUE(probe.IsAlone(alone.entry, IpFamily::kV4));
  EXPECT_FALSE(probe.IsAlone(shared.entry, IpFamily::kV4));
}

TEST(PortProbeOnThisHost, LeavesNothingOnASharedPort) {
  const Bound socket(AF_INET, SO_REUSEADDR);
  const Port port = socket.entry.local.port;
  PortProbe probe;
  ASSERT_FALSE(probe.IsAlone(socket.entry, IpFamily::kV4));
  EXPECT_TRUE(Bound(AF_INET, SO_REUSEADDR, port).bound);
}

TEST(PortProbe, SaysNothingAboutSocketsThatDoNotMeetAllOthersOfTheirPort) {
  const Bound socket(AF_INET);
  SocketEntry bound_to_an_address = socket.entry;
  bound_to_an_address.local.address = IpAddress::Parse("10.0.0.1").value();
  SocketEntry bound_to_an_interface = socket.entry;
  bound_to_an_interface.ifindex = 2;
  SocketEntry connected = socket.entry;
  connected.remote = {IpAddress::Parse("10.0.0.2").value(), 53};
  SocketEntry tcp = socket.entry;
  tcp.protocol = IpProtocol::kTcp;
  PortProbe probe;
  for (const SocketEntry& entry : {bound_to_an_address, bound_to_an_interface, connected, tcp}) {
    EXPECT_FALSE(probe.IsAlone(entry, IpFamily::kV4));
  }
}

}  // namespace
}  // namespace procwall
