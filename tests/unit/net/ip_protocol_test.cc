// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/ip_protocol.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

static_assert(HasPorts(IpProtocol::kTcp) && HasPorts(IpProtocol::kUdp));
static_assert(HasPorts(IpProtocol::kUdpLite) && HasPorts(IpProtocol::kSctp));
static_assert(HasPorts(IpProtocol::kDccp));
static_assert(!HasPorts(IpProtocol::kIcmp) && !HasPorts(static_cast<IpProtocol>(50)));

std::string Names(IpProtocol protocol) {
  return ProtocolName(protocol, IpFamily::kV4) + " " + ProtocolName(protocol, IpFamily::kV6);
}

TEST(ProtocolName, TellsTheFamilyByASix) {
  EXPECT_EQ(Names(IpProtocol::kTcp), "tcp tcp6");
  EXPECT_EQ(Names(IpProtocol::kUdp), "udp udp6");
  EXPECT_EQ(Names(IpProtocol::kUdpLite), "udplite udplite6");
  EXPECT_EQ(Names(IpProtocol::kSctp), "sctp sctp6");
  EXPECT_EQ(Names(IpProtocol::kDccp), "dccp dccp6");
}

TEST(ProtocolName, CallsAProtocolOfOneFamilyByItsNameOnlyThere) {
  EXPECT_EQ(Names(IpProtocol::kIcmp), "icmp ip6-1");
  EXPECT_EQ(Names(IpProtocol::kIcmpV6), "ip-58 icmp6");
  EXPECT_EQ(Names(IpProtocol::kIgmp), "igmp ip6-2");
}

TEST(ProtocolName, NumbersTheRest) {
  EXPECT_EQ(Names(static_cast<IpProtocol>(47)), "ip-47 ip6-47");
  EXPECT_EQ(Names(static_cast<IpProtocol>(255)), "ip-255 ip6-255");
}

}  // namespace
}  // namespace procwall
