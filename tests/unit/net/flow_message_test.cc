// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/flow_message.h"

#include <gtest/gtest.h>

#include "tests/support/errc_of.h"
#include "tests/support/flow_reply.h"

namespace procwall {
namespace {

constexpr int kGet = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_GET;
constexpr int kDelete = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_DELETE;

// Everything that can be told.
TrackedFlow FullFlow() {
  TrackedFlow flow = SampleFlow();
  flow.reply.destination = {IpAddress::V4({203, 0, 113, 9}), 61000};
  flow.zone = 5;
  flow.status |= 0x10;
  flow.mark = 0x20000077;
  flow.sent = FlowCount{3, std::uint64_t{1} << 40};
  flow.received = FlowCount{2, 999};
  flow.started = WallTime(std::chrono::nanoseconds(1'700'000'000'123'456'789));
  return flow;
}

TEST(DecodeFlowNews, ReadsEverythingOfAFlow) {
  const FlowNews expected{FlowNews::What::kBegan, FullFlow()};
  EXPECT_EQ(DecodeFlowNews(FlowReply(FullFlow()).Build()).value(), expected);
}

TEST(DecodeFlowNews, ReadsIpv6) {
  TrackedFlow flow = SampleFlow();
  flow.protocol = IpProtocol::kUdp;
  flow.state.reset();
  flow.original = {{*IpAddress::Parse("2001:db8::1"), 5000},
                   {*IpAddress::Parse("2001:db8::2"), 53}};
  flow.reply = {flow.original.destination, flow.original.source};
  EXPECT_EQ(DecodeFlowNews(FlowReply(flow).Build()).value().flow, flow);
}

TEST(DecodeFlowNews, ReadsAPing) {
  TrackedFlow flow = SampleFlow();
  flow.protocol = IpProtocol::kIcmp;
  flow.state.reset();
  flow.original.source.port = 77;            // the identifier
  flow.original.destination.port = 8 * 256;  // an echo request
  flow.reply.source.port = 77;
  flow.reply.destination.port = 0;
  EXPECT_EQ(DecodeFlowNews(FlowReply(flow).Build()).value().flow, flow);
}

TEST(DecodeFlowNews, TellsAChangeAndAnEnd) {
  EXPECT_EQ(DecodeFlowNews(FlowReply(SampleFlow(), FlowNews::What::kChanged).Build()).value().what,
            FlowNews::What::kChanged);
  EXPECT_EQ(DecodeFlowNews(FlowReply(SampleFlow(), FlowNews::What::kEnded).Build()).value().what,
            FlowNews::What::kEnded);
}

TEST(DecodeFlowNews, RefusesOtherMessagesAndFamilies) {
  EXPECT_EQ(ErrcOf(DecodeFlowNews(NetlinkBuilder(kGet).Build())), Errc::kUnsupported);
  const int type = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_NEW;
  EXPECT_EQ(ErrcOf(DecodeFlowNews(
                NetlinkBuilder(type).Body(nfgenmsg{AF_BRIDGE, NFNETLINK_V0, 0}).Build())),
            Errc::kUnsupported);
}

TEST(DecodeFlowNews, RefusesAFlowWithoutATuple) {
  const int type = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_NEW;
  const FlowReply reply(SampleFlow());
  const auto message = NetlinkBuilder(type)
                           .Body(nfgenmsg{AF_INET, NFNETLINK_V0, 0})
                           .Attribute(CTA_TUPLE_ORIG, reply.Tuple(SampleFlow().original))
                           .Build();
  EXPECT_EQ(ErrcOf(DecodeFlowNews(message)), Errc::kMalformed);
}

TEST(DecodeFlowNews, SurvivesACutAtEveryByte) {
  const ByteVector whole = FlowReply(FullFlow()).Build();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(DecodeFlowNews(Bytes(whole).first(size))) << size;
  }
}

TEST(DecodeFlowNews, SurvivesAnyByteBeingAnother) {
  const ByteVector whole = FlowReply(FullFlow()).Build();
  std::size_t refused = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const unsigned value : {0x00U, 0x01U, 0x7fU, 0xffU}) {
      ByteVector damaged = whole;
      damaged[i] = static_cast<std::byte>(value);
      if (!DecodeFlowNews(damaged)) ++refused;
    }
  }
  EXPECT_GT(refused, 0U);
}

TEST(EncodeFlowDump, AsksForBothFamilies) {
  EXPECT_EQ(EncodeFlowDump(), NetlinkBuilder(kGet)
                                  .Flags(NLM_F_REQUEST | NLM_F_DUMP)
                                  .Body(nfgenmsg{AF_UNSPEC, NFNETLINK_V0, 0})
                                  .Build());
}

TEST(EncodeRemoveFlow, NamesExactlyThisFlow) {
  const FlowReply reply(SampleFlow());
  EXPECT_EQ(EncodeRemoveFlow(SampleFlow()),
            NetlinkBuilder(kDelete)
                .Flags(NLM_F_REQUEST | NLM_F_ACK)
                .Body(nfgenmsg{AF_INET, NFNETLINK_V0, 0})
                .Attribute(CTA_TUPLE_ORIG | NLA_F_NESTED, reply.Tuple(SampleFlow().original))
                .Attribute(CTA_ID, BigEndian32(7))
                .Build());
}

TEST(EncodeRemoveFlow, NamesItsZone) {
  TrackedFlow zoned = SampleFlow();
  zoned.zone = 1;
  EXPECT_EQ(EncodeRemoveFlow(zoned).size(), EncodeRemoveFlow(SampleFlow()).size() + 8);
}

TEST(EncodeRemoveFlow, NamesAPingOverIpv6) {
  TrackedFlow ping = SampleFlow();
  ping.protocol = IpProtocol::kIcmpV6;
  ping.original = {{*IpAddress::Parse("fd00::1"), 77}, {*IpAddress::Parse("fd00::2"), 128 * 256}};
  const FlowReply reply(ping);
  EXPECT_EQ(EncodeRemoveFlow(ping),
            NetlinkBuilder(kDelete)
                .Flags(NLM_F_REQUEST | NLM_F_ACK)
                .Body(nfgenmsg{AF_INET6, NFNETLINK_V0, 0})
                .Attribute(CTA_TUPLE_ORIG | NLA_F_NESTED, reply.Tuple(ping.original))
                .Attribute(CTA_ID, BigEndian32(7))
                .Build());
}

}  // namespace
}  // namespace procwall
