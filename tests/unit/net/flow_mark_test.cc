// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/flow_mark.h"

#include <netinet/in.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/errc_of.h"
#include "tests/support/netlink_builder.h"

namespace procwall {
namespace {

constexpr FlowMark kMark = 0x20000000;
constexpr int kNew = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_NEW;
constexpr int kGetMarkedFlows = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_GET;

// The attributes alone, of a message under construction.
ByteVector Nested(const NetlinkBuilder& builder) {
  const ByteVector message = builder.Build();
  return {message.begin() + sizeof(nlmsghdr), message.end()};
}

ByteVector Addresses4() {
  return Nested(NetlinkBuilder(0)
                    .Attribute(CTA_IP_V4_SRC, BigEndian32(0x0a000001))
                    .Attribute(CTA_IP_V4_DST, BigEndian32(0x0a000002)));
}

ByteVector Bytes16(std::uint16_t value) {
  return {static_cast<std::byte>(value >> 8), static_cast<std::byte>(value & 0xff)};
}

ByteVector UdpTuple() {
  const ByteVector protocol = Nested(NetlinkBuilder(0)
                                         .Attribute(CTA_PROTO_NUM, std::uint8_t{IPPROTO_UDP})
                                         .Attribute(CTA_PROTO_SRC_PORT, Bytes16(4000))
                                         .Attribute(CTA_PROTO_DST_PORT, Bytes16(53)));
  return Nested(NetlinkBuilder(0)
                    .Attribute(CTA_TUPLE_IP | NLA_F_NESTED, Addresses4())
                    .Attribute(CTA_TUPLE_PROTO | NLA_F_NESTED, protocol));
}

ByteVector Message(int flags, const ByteVector& tuple, std::uint32_t value) {
  return NetlinkBuilder(kNew)
      .Flags(flags)
      .Body(nfgenmsg{AF_INET, NFNETLINK_V0, 0})
      .Attribute(CTA_TUPLE_ORIG | NLA_F_NESTED, tuple)
      .Attribute(CTA_MARK, BigEndian32(value))
      .Attribute(CTA_MARK_MASK, BigEndian32(kMark))
      .Build();
}

Connection Of(IpProtocol protocol, Port local, Port remote) {
  Connection connection;
  connection.protocol = protocol;
  connection.local = {IpAddress::V4({10, 0, 0, 1}), local};
  connection.remote = {IpAddress::V4({10, 0, 0, 2}), remote};
  return connection;
}

TEST(EncodeMarkFlow, NamesTheFlowAsItsFirstPacketDoesAndKeepsOtherBits) {
  EXPECT_EQ(EncodeMarkFlow(Of(IpProtocol::kUdp, 4000, 53), kMark),
            Message(NLM_F_REQUEST, UdpTuple(), kMark));
}

TEST(EncodeMarkFlow, ClearsTheBitAsWell) {
  const auto set = EncodeMarkFlow(Of(IpProtocol::kTcp, 4000, 443), kMark);
  const auto clear = EncodeMarkFlow(Of(IpProtocol::kTcp, 4000, 443), kMark, MarkChange::kClear);
  ASSERT_EQ(set.size(), clear.size());
  // They differ in the value alone, which lies in front of the mask, the last attribute.
  const std::size_t value = set.size() - 12;
  EXPECT_TRUE(
      std::equal(set.begin(), set.begin() + static_cast<std::ptrdiff_t>(value), clear.begin()));
  EXPECT_EQ(Bytes(clear).subspan(value, 4).front(), std::byte{0});
  EXPECT_EQ(Bytes(set).subspan(value, 4).front(), std::byte{0x20});
}

TEST(EncodeMarkFlow, NamesAPingByItsIdentifier) {
  const ByteVector protocol = Nested(NetlinkBuilder(0)
                                         .Attribute(CTA_PROTO_NUM, std::uint8_t{IPPROTO_ICMP})
                                         .Attribute(CTA_PROTO_ICMP_ID, Bytes16(77))
                                         .Attribute(CTA_PROTO_ICMP_TYPE, std::uint8_t{8})
                                         .Attribute(CTA_PROTO_ICMP_CODE, std::uint8_t{0}));
  const ByteVector tuple = Nested(NetlinkBuilder(0)
                                      .Attribute(CTA_TUPLE_IP | NLA_F_NESTED, Addresses4())
                                      .Attribute(CTA_TUPLE_PROTO | NLA_F_NESTED, protocol));
  EXPECT_EQ(EncodeMarkFlow(Of(IpProtocol::kIcmp, 77, 0), kMark),
            Message(NLM_F_REQUEST, tuple, kMark));
}

TEST(EncodeMarkFlow, SaysNothingOfAProtocolWithoutPorts) {
  EXPECT_TRUE(EncodeMarkFlow(Of(IpProtocol::kIgmp, 0, 0), kMark).empty());
  EXPECT_TRUE(EncodeMarkFlow(Of(IpProtocol::kIcmp, 0, 77), kMark).empty());  // an echo reply
}

TEST(EncodeMarkedFlowsDump, AsksForThoseWithTheBit) {
  EXPECT_EQ(EncodeMarkedFlowsDump(kMark), NetlinkBuilder(kGetMarkedFlows)
                                              .Flags(NLM_F_REQUEST | NLM_F_DUMP)
                                              .Body(nfgenmsg{AF_UNSPEC, NFNETLINK_V0, 0})
                                              .Attribute(CTA_MARK, BigEndian32(kMark))
                                              .Attribute(CTA_MARK_MASK, BigEndian32(kMark))
                                              .Build());
}

TEST(EncodeUnmarkFlow, TakesTheBitFromTheFlowOfTheDump) {
  EXPECT_EQ(EncodeUnmarkFlow(Message(NLM_F_MULTI, UdpTuple(), 0x20000077), kMark).value(),
            Message(NLM_F_REQUEST | NLM_F_ACK, UdpTuple(), 0));
}

TEST(EncodeUnmarkFlow, RefusesAFlowWithoutAName) {
  const auto nameless = NetlinkBuilder(kNew).Body(nfgenmsg{AF_INET, NFNETLINK_V0, 0}).Build();
  EXPECT_EQ(ErrcOf(EncodeUnmarkFlow(nameless, kMark)), Errc::kMalformed);
}

TEST(EncodeUnmarkFlow, RefusesATupleThatIsTooLong) {
  const ByteVector message = Message(NLM_F_MULTI, ByteVector(2000), 0);
  EXPECT_EQ(ErrcOf(EncodeUnmarkFlow(message, kMark)), Errc::kMalformed);
}

TEST(EncodeUnmarkFlow, SurvivesACutAtEveryByte) {
  const ByteVector whole = Message(NLM_F_MULTI, UdpTuple(), kMark);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(EncodeUnmarkFlow(Bytes(whole).first(size), kMark)) << size;
  }
}

}  // namespace
}  // namespace procwall
