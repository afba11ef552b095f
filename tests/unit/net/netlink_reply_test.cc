// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/netlink_reply.h"

#include <cerrno>

#include <gtest/gtest.h>

#include "tests/support/netlink_builder.h"

namespace procwall {
namespace {

constexpr std::uint32_t kSequence = 7;
constexpr int kData = 20;

ByteVector Data(int flags = 0) {
  return NetlinkBuilder(kData).Flags(flags).Sequence(kSequence).Raw(AsBytes("data")).Build();
}

// Feeds datagrams to a reply and counts the messages that came out.
struct Walk {
  explicit Walk(int flags) : reply(kSequence, static_cast<std::uint16_t>(flags)) {}

  Walk& Take(const ByteVector& datagram) {
    reply.Take(datagram, [this](Bytes) -> Status {
      ++messages;
      return verdict;
    });
    return *this;
  }
  Errc Failure() const { return reply.Outcome().error().code; }

  NetlinkReply reply;
  int messages = 0;
  Status verdict;
};

TEST(NetlinkReply, ToAPlainRequestIsOneMessage) {
  Walk walk(NLM_F_REQUEST);
  walk.Take(Data());
  EXPECT_TRUE(walk.reply.IsComplete());
  EXPECT_TRUE(walk.reply.Outcome());
  EXPECT_EQ(walk.messages, 1);
}

TEST(NetlinkReply, IsCompletedByAnAck) {
  Walk walk(NLM_F_REQUEST | NLM_F_ACK);
  walk.Take(Data());
  EXPECT_FALSE(walk.reply.IsComplete());
  walk.Take(NetlinkError(0, kSequence));
  EXPECT_TRUE(walk.reply.IsComplete());
  EXPECT_TRUE(walk.reply.Outcome());
}

TEST(NetlinkReply, ToADumpEndsWithDone) {
  Walk walk(NLM_F_REQUEST | NLM_F_DUMP);
  walk.Take(Join({Data(NLM_F_MULTI), Data(NLM_F_MULTI)})).Take(Data(NLM_F_MULTI));
  EXPECT_FALSE(walk.reply.IsComplete());
  walk.Take(NetlinkDone(0, kSequence));
  EXPECT_TRUE(walk.reply.IsComplete());
  EXPECT_TRUE(walk.reply.Outcome());
  EXPECT_EQ(walk.messages, 3);
}

TEST(NetlinkReply, CarriesTheErrnoOfAnError) {
  Walk walk(NLM_F_REQUEST);
  walk.Take(NetlinkError(ENOENT, kSequence));
  EXPECT_TRUE(walk.reply.IsComplete());
  EXPECT_EQ(walk.Failure(), Errc::kNotFound);
}

TEST(NetlinkReply, CarriesTheErrnoThatEndsADump) {
  Walk walk(NLM_F_REQUEST | NLM_F_DUMP);
  walk.Take(NetlinkDone(ENOENT, kSequence));
  EXPECT_TRUE(walk.reply.IsComplete());
  EXPECT_EQ(walk.Failure(), Errc::kNotFound);
}

TEST(NetlinkReply, SkipsALateReplyToAnOlderRequest) {
  Walk walk(NLM_F_REQUEST);
  walk.Take(NetlinkError(EBUSY, kSequence - 1));
  EXPECT_FALSE(walk.reply.IsComplete());
  walk.Take(Data());
  EXPECT_TRUE(walk.reply.Outcome());
}

TEST(NetlinkReply, ToADumpThatWasInterruptedIsBusyAfterItsEnd) {
  Walk walk(NLM_F_REQUEST | NLM_F_DUMP);
  walk.Take(Data(NLM_F_MULTI | NLM_F_DUMP_INTR)).Take(Data(NLM_F_MULTI));
  EXPECT_FALSE(walk.reply.IsComplete());
  walk.Take(NetlinkDone(0, kSequence));
  EXPECT_EQ(walk.Failure(), Errc::kBusy);
}

TEST(NetlinkReply, FollowsADumpToItsEndAfterAFailure) {
  Walk walk(NLM_F_REQUEST | NLM_F_DUMP);
  walk.verdict = Error{Errc::kTooLarge};
  walk.Take(Join({Data(NLM_F_MULTI), Data(NLM_F_MULTI)}));
  EXPECT_FALSE(walk.reply.IsComplete());
  walk.Take(NetlinkDone(0, kSequence));
  EXPECT_TRUE(walk.reply.IsComplete());
  EXPECT_EQ(walk.Failure(), Errc::kTooLarge);
  EXPECT_EQ(walk.messages, 1);
}

TEST(NetlinkReply, CutAnywhereEndsAPlainRequestWithTruncated) {
  const ByteVector whole = Data();
  for (std::size_t size = 1; size < whole.size(); ++size) {
    Walk walk(NLM_F_REQUEST);
    walk.Take(ByteVector(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    EXPECT_TRUE(walk.reply.IsComplete()) << size;
    EXPECT_EQ(walk.Failure(), Errc::kTruncated) << size;
  }
}

TEST(NetlinkReply, RefusesAnErrnoThatIsNone) {
  for (const int code : {-1, 4096, 1 << 30}) {
    Walk walk(NLM_F_REQUEST);
    walk.Take(NetlinkError(code, kSequence));
    EXPECT_EQ(walk.Failure(), Errc::kMalformed) << code;
  }
}

TEST(NetlinkReply, ReportsAnOverrun) {
  Walk walk(NLM_F_REQUEST);
  walk.Take(NetlinkBuilder(NLMSG_OVERRUN).Sequence(kSequence).Build());
  EXPECT_FALSE(walk.reply.IsComplete());
  EXPECT_EQ(walk.Failure(), Errc::kSystem);
}

}  // namespace
}  // namespace procwall
