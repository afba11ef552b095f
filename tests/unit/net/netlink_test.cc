// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/netlink.h"

#include <cerrno>

#include <gtest/gtest.h>

#include "tests/support/netlink_peer.h"

namespace procwall {
namespace {

constexpr int kQuestion = 18;
constexpr int kAnswer = 20;

Status Ignore(Bytes /*message*/) { return {}; }

ByteVector Question() { return NetlinkBuilder(kQuestion).Flags(NLM_F_REQUEST).Build(); }
ByteVector Answer(std::uint32_t sequence) {
  return NetlinkBuilder(kAnswer).Sequence(sequence).Raw(AsBytes("yes!")).Build();
}

TEST(NetlinkSocket, HandsTheReplyOut) {
  NetlinkPeer kernel;
  NetlinkSocket socket = kernel.TakeSocket();
  kernel.Say(Answer(1));
  ByteVector heard;
  ByteVector question = Question();
  ASSERT_TRUE(socket.Request(question, [&heard](Bytes message) -> Status {
    heard.assign(message.begin(), message.end());
    return {};
  }));
  EXPECT_EQ(heard, Answer(1));
}

TEST(NetlinkSocket, NumbersItsRequests) {
  NetlinkPeer kernel;
  NetlinkSocket socket = kernel.TakeSocket();
  ByteVector question = Question();
  for (std::uint32_t sequence = 1; sequence <= 3; ++sequence) {
    kernel.Say(Answer(sequence));
    ASSERT_TRUE(socket.Request(question, Ignore));
    EXPECT_EQ(kernel.Hear(),
              NetlinkBuilder(kQuestion).Flags(NLM_F_REQUEST).Sequence(sequence).Build());
  }
}

TEST(NetlinkSocket, SkipsWhatAnswersAnOlderRequest) {
  NetlinkPeer kernel;
  NetlinkSocket socket = kernel.TakeSocket();
  kernel.Say(NetlinkError(EBUSY, 0));
  kernel.Say(Answer(1));
  ByteVector question = Question();
  EXPECT_TRUE(socket.Request(question, Ignore));
}

TEST(NetlinkSocket, GivesUpWhenNoReplyComes) {
  NetlinkPeer kernel;
  NetlinkSocket socket = kernel.TakeSocket();  // not blocking: its second passes at once
  ByteVector question = Question();
  const Status asked = socket.Request(question, Ignore);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, Errc::kTimedOut);
}

TEST(NetlinkSocket, NoticesAReplyLargerThanItsBuffer) {
  NetlinkPeer kernel;
  NetlinkSocket socket = kernel.TakeSocket();
  kernel.Say(NetlinkBuilder(kAnswer).Sequence(1).Raw(ByteVector(40000)).Build());
  ByteVector question = Question();
  const Status asked = socket.Request(question, Ignore);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, Errc::kTruncated);
}

TEST(NetlinkSocket, TellsTheFirstFailureOfADumpThatNeverEnds) {
  NetlinkPeer kernel;
  NetlinkSocket socket = kernel.TakeSocket();
  kernel.Say(NetlinkBuilder(kAnswer).Flags(NLM_F_MULTI).Sequence(1).Build());
  ByteVector question = NetlinkBuilder(kQuestion).Flags(NLM_F_REQUEST | NLM_F_DUMP).Build();
  const Status asked =
      socket.Request(question, [](Bytes) -> Status { return Error{Errc::kMalformed}; });
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, Errc::kMalformed);
}

}  // namespace
}  // namespace procwall
