// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/packet_queue.h"

#include <cerrno>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/netlink_peer.h"
#include "tests/support/queue_message.h"

namespace procwall {
namespace {

using Wait = PacketQueue::Wait;

constexpr QueueOptions kOptions{.number = 3, .copy_range = 64};

struct PacketQueueTest : testing::Test {
  // What a Take() yields.
  std::vector<std::uint32_t> Ids() {
    std::vector<std::uint32_t> ids;
    EXPECT_TRUE(queue.Take(Wait::kNo));
    const std::size_t packets =
        queue.HandOn([&ids](const QueuedPacket& packet) { ids.push_back(packet.id); });
    EXPECT_GE(packets, ids.size());
    return ids;
  }
  static ByteVector VerdictFor(std::uint32_t id, Verdict verdict) {
    return EncodeVerdict(kOptions, id, verdict);
  }

  NetlinkPeer kernel;
  PacketQueue queue{kernel.TakeSocket(), kOptions};
};

TEST_F(PacketQueueTest, ReceivesWhatWaitsInOrder) {
  kernel.Say(QueueMessage(1).Build());
  kernel.Say(QueueMessage(2).Build());
  EXPECT_EQ(Ids(), (std::vector<std::uint32_t>{1, 2}));
}

TEST_F(PacketQueueTest, ReceivesNothingWhenNothingWaits) {
  EXPECT_EQ(queue.Take(Wait::kNo).value(), 0U);
  EXPECT_EQ(queue.HandOn([](const QueuedPacket&) { FAIL(); }), 0U);
}

TEST_F(PacketQueueTest, SendsCollectedVerdictsAtOnce) {
  queue.Answer(1, Verdict::kAccept);
  queue.Answer(2, Verdict::kDrop);
  EXPECT_EQ(kernel.Hear(), ByteVector{});
  ASSERT_TRUE(queue.Flush());
  EXPECT_EQ(kernel.Hear(), Join({VerdictFor(1, Verdict::kAccept), VerdictFor(2, Verdict::kDrop)}));
}

TEST_F(PacketQueueTest, TakesABatchAtMost) {
  for (std::uint32_t id = 0; id < PacketQueue::kBatch + 2; ++id) {
    kernel.Say(QueueMessage(id).Build());
  }
  EXPECT_EQ(Ids().size(), PacketQueue::kBatch);
  EXPECT_EQ(Ids().size(), 2U);
}

TEST_F(PacketQueueTest, TakesOneAloneIfItWouldWait) {
  kernel.Say(QueueMessage(1).Build());
  kernel.Say(QueueMessage(2).Build());
  EXPECT_EQ(queue.Take(Wait::kForOne).value(), 1U);
  std::vector<std::uint32_t> ids;
  EXPECT_EQ(queue.HandOn([&](const QueuedPacket& packet) { ids.push_back(packet.id); }), 1U);
  EXPECT_EQ(ids, std::vector<std::uint32_t>{1});
  EXPECT_EQ(Ids(), std::vector<std::uint32_t>{2});
}

TEST_F(PacketQueueTest, WaitsUntilOneComes) {
  std::thread sender([this] { kernel.Say(QueueMessage(1).Build()); });
  std::size_t taken = 0;
  for (int i = 0; taken == 0 && i < 60; ++i) taken = queue.Take(Wait::kForOne).value();
  sender.join();
  EXPECT_EQ(taken, 1U);
}

TEST_F(PacketQueueTest, DoesNotWaitForEver) {
  EXPECT_EQ(queue.Take(Wait::kForOne).value(), 0U);
  EXPECT_EQ(queue.HandOn([](const QueuedPacket&) { FAIL(); }), 0U);
}

TEST_F(PacketQueueTest, HandsOnWhatItTookOnce) {
  kernel.Say(QueueMessage(1).Build());
  ASSERT_TRUE(queue.Take(Wait::kNo));
  EXPECT_EQ(queue.HandOn([](const QueuedPacket&) {}), 1U);
  EXPECT_EQ(queue.HandOn([](const QueuedPacket&) { FAIL(); }), 0U);
}

TEST_F(PacketQueueTest, SendsTheVerdictOfALonePacketWhileItIsHandedOn) {
  kernel.Say(QueueMessage(1).Build());
  ASSERT_TRUE(queue.Take(Wait::kNo));
  queue.HandOn([this](const QueuedPacket& packet) {
    queue.Answer(packet.id, Verdict::kAccept);
    EXPECT_EQ(kernel.Hear(), VerdictFor(1, Verdict::kAccept));
  });
  queue.Answer(2, Verdict::kAccept);  // of another time
  EXPECT_EQ(kernel.Hear(), ByteVector{});
}

TEST_F(PacketQueueTest, CollectsTheVerdictsOfPacketsThatCameTogether) {
  kernel.Say(QueueMessage(1).Build());
  kernel.Say(QueueMessage(2).Build());
  ASSERT_TRUE(queue.Take(Wait::kNo));
  queue.HandOn([this](const QueuedPacket& packet) {
    queue.Answer(packet.id, Verdict::kDrop);
    EXPECT_EQ(kernel.Hear(), ByteVector{});
  });
  ASSERT_TRUE(queue.Flush());
  EXPECT_EQ(kernel.Hear(), Join({VerdictFor(1, Verdict::kDrop), VerdictFor(2, Verdict::kDrop)}));
}

TEST_F(PacketQueueTest, FlushesItselfWhenManyVerdictsWait) {
  for (std::uint32_t id = 0; id < PacketQueue::kVerdictBatch; ++id) {
    queue.Answer(id, Verdict::kAccept);
  }
  EXPECT_EQ(kernel.Hear().size(), PacketQueue::kVerdictBatch * kVerdictBytes);
}

TEST_F(PacketQueueTest, VerdictsThatMarkFlowsAreSentWholeAsWell) {
  QueueOptions options = kOptions;
  options.flow_mark = 0x20000000;
  NetlinkPeer peer;
  PacketQueue marking(peer.TakeSocket(), options);
  std::size_t bytes = 0;
  for (std::uint32_t id = 0; id < PacketQueue::kVerdictBatch; ++id) {
    marking.Answer(id, id % 3 == 0 ? Verdict::kAcceptAndMark : Verdict::kAccept);
    bytes += id % 3 == 0 ? kMarkingVerdictBytes : kVerdictBytes;
  }
  EXPECT_EQ(peer.Hear().size(), bytes);
  marking.Answer(7, Verdict::kAcceptAndMark);
  ASSERT_TRUE(marking.Flush());
  EXPECT_EQ(peer.Hear().size(), kMarkingVerdictBytes);
}

TEST_F(PacketQueueTest, DropsAPacketWhoseMessageIsCut) {
  const ByteVector whole = QueueMessage(9).Attribute(NFQA_PAYLOAD, ByteVector(8000)).Build();
  kernel.Say(whole);  // larger than copy range and metadata together
  EXPECT_EQ(Ids(), std::vector<std::uint32_t>{});
  ASSERT_TRUE(queue.Flush());
  EXPECT_EQ(kernel.Hear(), VerdictFor(9, Verdict::kDrop));
  EXPECT_EQ(queue.Undecodable(), 1U);
}

TEST_F(PacketQueueTest, IgnoresComplaintsAboutPacketsThatAreGone) {
  kernel.Say(NetlinkError(ENOENT, 0));
  kernel.Say(QueueMessage(1).Build());
  EXPECT_EQ(Ids(), std::vector<std::uint32_t>{1});
}

TEST_F(PacketQueueTest, KeepsVerdictsThatCouldNotBeSent) {
  Status flushed;
  std::uint32_t answered = 0;
  while (flushed) {  // until the socket is full, since nobody reads
    queue.Answer(answered++, Verdict::kAccept);
    flushed = queue.Flush();
  }
  std::uint32_t heard = 0;
  while (heard + 1 < answered && kernel.Hear() == VerdictFor(heard, Verdict::kAccept)) ++heard;
  ASSERT_TRUE(queue.Flush());
  EXPECT_EQ(kernel.Hear(), VerdictFor(answered - 1, Verdict::kAccept));
}

TEST_F(PacketQueueTest, SendsWhatWasCollectedWhenItDies) {
  {
    PacketQueue dying(std::move(queue));
    dying.Answer(1, Verdict::kAccept);
  }
  EXPECT_EQ(kernel.Hear(), VerdictFor(1, Verdict::kAccept));
}

TEST(PacketQueue, RefusesACopyRangeTheKernelWouldCut) {
  const auto queue = PacketQueue::Open({.copy_range = kMaxCopyRange + 1});
  ASSERT_FALSE(queue);
  EXPECT_EQ(queue.error().code, Errc::kTooLarge);
}

}  // namespace
}  // namespace procwall
