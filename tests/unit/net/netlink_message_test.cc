// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/netlink_message.h"

#include <gtest/gtest.h>

#include "tests/support/netlink_builder.h"

namespace procwall {
namespace {

constexpr std::uint8_t kValue = 7;

ByteVector ThreeByteMessage() {
  // Its length is 19, its place in the datagram 20 bytes.
  ByteVector message = NetlinkBuilder(42).Flags(3).Sequence(9).Raw(AsBytes("abc")).Build();
  message[0] = std::byte{19};
  return message;
}

TEST(ReadNetlinkMessage, TellsHeaderAndBody) {
  const ByteVector bytes = ThreeByteMessage();
  ByteReader reader(bytes);
  const auto message = ReadNetlinkMessage(reader);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, 42);
  EXPECT_EQ(message->flags, 3);
  EXPECT_EQ(message->sequence, 9U);
  EXPECT_EQ(message->whole.size(), 19U);
  EXPECT_EQ(message->body.size(), 3U);
}

TEST(ReadNetlinkMessage, SkipsThePaddingBeforeTheNext) {
  const ByteVector bytes = Join({ThreeByteMessage(), NetlinkBuilder(43).Build()});
  ByteReader reader(bytes);
  ASSERT_TRUE(ReadNetlinkMessage(reader));
  const auto second = ReadNetlinkMessage(reader);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->type, 43);
  EXPECT_EQ(reader.Remaining(), 0U);
}

TEST(ReadNetlinkMessage, RefusesEveryCut) {
  const ByteVector bytes = ThreeByteMessage();
  for (std::size_t size = 0; size < 19; ++size) {
    ByteReader reader(Bytes(bytes).first(size));
    const auto message = ReadNetlinkMessage(reader);
    ASSERT_FALSE(message) << size;
    EXPECT_EQ(message.error().code, Errc::kTruncated) << size;
  }
}

TEST(ReadNetlinkMessage, RefusesALengthShorterThanItsHeader) {
  ByteVector bytes = ThreeByteMessage();
  bytes[0] = std::byte{15};
  ByteReader reader(bytes);
  const auto message = ReadNetlinkMessage(reader);
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().code, Errc::kMalformed);
}

TEST(ReadNetlinkAttribute, TellsTypeWithoutFlagsAndPayload) {
  const ByteVector bytes = NetlinkBuilder(1).Attribute(NLA_F_NESTED | 5, kValue).Build();
  ByteReader reader(Bytes(bytes).subspan(sizeof(nlmsghdr)));
  const auto attribute = ReadNetlinkAttribute(reader);
  ASSERT_TRUE(attribute);
  EXPECT_EQ(attribute->type, 5);
  ASSERT_EQ(attribute->payload.size(), 1U);
  EXPECT_EQ(attribute->payload[0], std::byte{kValue});
  EXPECT_EQ(reader.Remaining(), 0U);
}

TEST(ReadNetlinkAttribute, NeedsNoPaddingBehindTheLast) {
  const ByteVector bytes = NetlinkBuilder(1).Attribute(5, kValue).Build();
  ByteReader reader(Bytes(bytes).subspan(sizeof(nlmsghdr), 5));
  EXPECT_TRUE(ReadNetlinkAttribute(reader));
  EXPECT_EQ(reader.Remaining(), 0U);
}

TEST(ReadNetlinkAttribute, RefusesALengthShorterThanItsHeader) {
  const ByteVector bytes = {std::byte{3}, std::byte{0}, std::byte{1}, std::byte{0}};
  ByteReader reader(bytes);
  const auto attribute = ReadNetlinkAttribute(reader);
  ASSERT_FALSE(attribute);
  EXPECT_EQ(attribute.error().code, Errc::kMalformed);
}

}  // namespace
}  // namespace procwall
