// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_marks.h"

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <gtest/gtest.h>

#include "tests/support/flow_reply.h"
#include "tests/support/netlink_peer.h"

namespace procwall {
namespace {

constexpr FlowMark kMark = 0x20000000;

Connection FlowOver(IpProtocol protocol) {
  return {.protocol = protocol,
          .local = {IpAddress::V4({10, 0, 0, 1}), 4000},
          .remote = {IpAddress::V4({10, 0, 0, 2}), 53}};
}

// But for the sequence number, which the socket sets.
ByteVector Numbered(ByteVector message, std::uint32_t sequence) {
  std::memcpy(message.data() + offsetof(nlmsghdr, nlmsg_seq), &sequence, sizeof(sequence));
  return message;
}

// As the kernel tells of a flow in a dump.
ByteVector Told(const Connection& connection, std::uint32_t sequence) {
  ByteVector message = Numbered(EncodeMarkFlow(connection, kMark), sequence);
  const std::uint16_t flags = NLM_F_MULTI;
  std::memcpy(message.data() + offsetof(nlmsghdr, nlmsg_flags), &flags, sizeof(flags));
  return message;
}

TEST(FlowMarks, MarkFlowsOnceTheirVerdictsAreSent) {
  NetlinkPeer kernel;
  FlowMarks marks(kernel.TakeSocket(), kMark);
  marks.Note(FlowOver(IpProtocol::kUdp));
  marks.Note(FlowOver(IpProtocol::kSctp));
  EXPECT_TRUE(kernel.Hear().empty());
  marks.Apply();
  EXPECT_EQ(kernel.Hear(), Join({EncodeMarkFlow(FlowOver(IpProtocol::kUdp), kMark),
                                 EncodeMarkFlow(FlowOver(IpProtocol::kSctp), kMark)}));
  marks.Apply();
  EXPECT_TRUE(kernel.Hear().empty());
}

TEST(FlowMarks, TellTheKernelOfManyInSeveralDatagrams) {
  NetlinkPeer kernel;
  FlowMarks marks(kernel.TakeSocket(), kMark);
  constexpr std::size_t kFlows = 300;
  for (std::size_t i = 0; i < kFlows; ++i) marks.Note(FlowOver(IpProtocol::kUdp));
  marks.Apply();
  const std::size_t first = kernel.Hear().size();
  const std::size_t second = kernel.Hear().size();
  EXPECT_GT(second, 0U);
  EXPECT_EQ(first + second, kFlows * EncodeMarkFlow(FlowOver(IpProtocol::kUdp), kMark).size());
}

TEST(FlowMarks, LeaveTcpAlone) {
  NetlinkPeer kernel;
  FlowMarks marks(kernel.TakeSocket(), kMark);
  marks.Note(FlowOver(IpProtocol::kTcp));
  marks.Apply();
  EXPECT_TRUE(kernel.Hear().empty());
}

TEST(FlowMarks, OfTcpSayThatItsFirstDataComesUp) {
  NetlinkPeer kernel;
  FlowMarks marks(kernel.TakeSocket(), kMark);
  marks.NoteFirstData(FlowOver(IpProtocol::kTcp), MarkChange::kSet);
  marks.NoteFirstData(FlowOver(IpProtocol::kTcp), MarkChange::kClear);
  marks.Apply();
  EXPECT_EQ(kernel.Hear(),
            Join({EncodeMarkFlow(FlowOver(IpProtocol::kTcp), kMark),
                  EncodeMarkFlow(FlowOver(IpProtocol::kTcp), kMark, MarkChange::kClear)}));
}

TEST(FlowMarks, GoOnWhenConntrackDoesNotKnowAFlow) {
  NetlinkPeer kernel;
  FlowMarks marks(kernel.TakeSocket(), kMark);
  kernel.Say(NetlinkError(ENOENT, 0));
  kernel.Say(NetlinkError(ENOENT, 0));
  marks.Note(FlowOver(IpProtocol::kUdp));
  marks.Apply();
  kernel.Hear();
  kernel.Say(NetlinkDone(0, 1));  // nothing of the refusals is left before this
  EXPECT_EQ(marks.Clear(FlowMarks::Which::kAll).value(), 0U);
}

TEST(FlowMarks, AreTakenFromEveryFlowThatHasOne) {
  NetlinkPeer kernel;
  FlowMarks marks(kernel.TakeSocket(), kMark);
  kernel.Say(Join({Told(FlowOver(IpProtocol::kUdp), 1), Told(FlowOver(IpProtocol::kSctp), 1)}));
  kernel.Say(NetlinkDone(0, 1));
  kernel.Say(NetlinkError(0, 2));
  kernel.Say(NetlinkError(ENOENT, 3));  // it ended meanwhile
  EXPECT_EQ(marks.Clear(FlowMarks::Which::kAll).value(), 2U);
  EXPECT_EQ(kernel.Hear(), Numbered(EncodeMarkedFlowsDump(kMark), 1));
  const auto unmark = EncodeUnmarkFlow(Told(FlowOver(IpProtocol::kUdp), 1), kMark);
  EXPECT_EQ(kernel.Hear(), Numbered(unmark.value(), 2));
}

TEST(FlowMarks, OfTcpStayWhenThoseOfJudgedFlowsAreTaken) {
  NetlinkPeer kernel;
  FlowMarks marks(kernel.TakeSocket(), kMark);
  TrackedFlow tcp;
  tcp.protocol = IpProtocol::kTcp;
  tcp.original = {FlowOver(IpProtocol::kTcp).local, FlowOver(IpProtocol::kTcp).remote};
  tcp.reply = {tcp.original.destination, tcp.original.source};
  kernel.Say(
      Join({FlowReply(tcp).Sequence(1).OfDump().Build(), Told(FlowOver(IpProtocol::kUdp), 1)}));
  kernel.Say(NetlinkDone(0, 1));
  kernel.Say(NetlinkError(0, 2));
  EXPECT_EQ(marks.Clear(FlowMarks::Which::kJudged).value(), 1U);
  (void)kernel.Hear();
  const auto unmark = EncodeUnmarkFlow(Told(FlowOver(IpProtocol::kUdp), 1), kMark);
  EXPECT_EQ(kernel.Hear(), Numbered(unmark.value(), 2));
}

TEST(FlowMarks, WithoutAMarkDoNothing) {
  FlowMarks marks;
  marks.Note(FlowOver(IpProtocol::kUdp));
  marks.Apply();
  EXPECT_EQ(marks.Clear(FlowMarks::Which::kAll).value(), 0U);
}

}  // namespace
}  // namespace procwall
