// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/queued_packet.h"

#include <gtest/gtest.h>

#include "tests/support/queue_message.h"

namespace procwall {
namespace {

TEST(DecodeQueuedPacket, TellsAllTheKernelSaid) {
  const ByteVector message = QueueMessage(0x01020304)
                                 .Attribute(NFQA_IFINDEX_INDEV, BigEndian32(2))
                                 .Attribute(NFQA_IFINDEX_OUTDEV, BigEndian32(3))
                                 .Attribute(NFQA_MARK, BigEndian32(0xcafe))
                                 .Attribute(NFQA_UID, BigEndian32(1000))
                                 .Attribute(NFQA_GID, BigEndian32(1001))
                                 .Attribute(NFQA_SKB_INFO, BigEndian32(NFQA_SKB_CSUMNOTREADY))
                                 .Attribute(NFQA_CAP_LEN, BigEndian32(9000))
                                 .Attribute(NFQA_PAYLOAD, AsBytes("packet"))
                                 .Build();
  const auto packet = DecodeQueuedPacket(message);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->id, 0x01020304U);
  EXPECT_EQ(packet->hook, kLocalOut);
  EXPECT_EQ(packet->in_ifindex, 2U);
  EXPECT_EQ(packet->out_ifindex, 3U);
  EXPECT_EQ(packet->mark, 0xcafeU);
  EXPECT_EQ(packet->uid, Uid{1000});
  EXPECT_TRUE(packet->checksum_not_ready);
  EXPECT_EQ(packet->original_size, 9000U);
  EXPECT_EQ(ByteVector(packet->payload.begin(), packet->payload.end()),
            ByteVector(AsBytes("packet").begin(), AsBytes("packet").end()));
}

TEST(DecodeQueuedPacket, NeedsNothingButAnId) {
  const auto packet = DecodeQueuedPacket(QueueMessage(5).Build());
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->id, 5U);
  EXPECT_EQ(packet->uid, std::nullopt);
  EXPECT_FALSE(packet->checksum_not_ready);
  EXPECT_TRUE(packet->payload.empty());
}

TEST(DecodeQueuedPacket, TakesThePayloadForTheWholePacketUnlessTold) {
  const ByteVector message = QueueMessage(5).Attribute(NFQA_PAYLOAD, AsBytes("abc")).Build();
  const auto packet = DecodeQueuedPacket(message);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->original_size, 3U);
}

TEST(DecodeQueuedPacket, SkipsAttributesItHasNoUseFor) {
  const ByteVector message = QueueMessage(5).Attribute(999, AsBytes("?")).Build();
  EXPECT_TRUE(DecodeQueuedPacket(message));
}

TEST(DecodeQueuedPacket, RefusesAPacketWithoutAnId) {
  const ByteVector message = NetlinkBuilder(kPacketMessage).Body(nfgenmsg{}).Build();
  const auto packet = DecodeQueuedPacket(message);
  ASSERT_FALSE(packet);
  EXPECT_EQ(packet.error().code, Errc::kMalformed);
}

TEST(DecodeQueuedPacket, RefusesAnotherMessage) {
  const auto packet = DecodeQueuedPacket(NetlinkError(2, 0));
  ASSERT_FALSE(packet);
  EXPECT_EQ(packet.error().code, Errc::kUnsupported);
}

TEST(DecodeQueuedPacket, RefusesANumberCutInHalf) {
  const ByteVector message = QueueMessage(5).Attribute(NFQA_UID, AsBytes("ab")).Build();
  const auto packet = DecodeQueuedPacket(message);
  ASSERT_FALSE(packet);
  EXPECT_EQ(packet.error().code, Errc::kTruncated);
}

TEST(DecodeQueuedPacket, RefusesEveryCut) {
  const ByteVector whole = QueueMessage(5).Attribute(NFQA_PAYLOAD, AsBytes("packet")).Build();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto packet = DecodeQueuedPacket(Bytes(whole).first(size));
    ASSERT_FALSE(packet) << size;
    EXPECT_EQ(packet.error().code, Errc::kTruncated) << size;
  }
}

TEST(DecodeQueuedPacket, SurvivesEveryFlippedByte) {
  const ByteVector whole = QueueMessage(5).Attribute(NFQA_PAYLOAD, AsBytes("packet")).Build();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    ByteVector flipped = whole;
    flipped[i] ^= std::byte{0xff};
    if (const auto packet = DecodeQueuedPacket(flipped)) {
      EXPECT_LE(packet->payload.size(), whole.size()) << i;
    }
  }
}

TEST(FindPacketId, FindsTheIdOfAPacketThatWasCut) {
  const ByteVector whole = QueueMessage(5).Attribute(NFQA_PAYLOAD, AsBytes("packet")).Build();
  const std::size_t end_of_id = sizeof(nlmsghdr) + sizeof(nfgenmsg) + sizeof(nlattr) + 7;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto expected = size < end_of_id ? std::nullopt : std::optional<std::uint32_t>(5);
    EXPECT_EQ(FindPacketId(Bytes(whole).first(size)), expected) << size;
  }
}

TEST(FindPacketId, FindsNoneInAnotherMessage) {
  EXPECT_EQ(FindPacketId(NetlinkError(2, 0)), std::nullopt);
}

}  // namespace
}  // namespace procwall
