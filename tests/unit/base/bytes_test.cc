// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/bytes.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/errc_of.h"

namespace procwall {
namespace {

static_assert(BigEndian<std::uint8_t>(0x12).host() == 0x12);
static_assert(BigEndian16(0x1234).host() == 0x1234);
static_assert(BigEndian32(0xfedcba98).host() == 0xfedcba98);
static_assert(BigEndian<std::uint64_t>(0xfedcba9876543210).host() == 0xfedcba9876543210);
static_assert(BigEndian16().host() == 0);
static_assert(BigEndian16(1) == BigEndian16(1) && BigEndian16(1) != BigEndian16(256));
static_assert(alignof(BigEndian<std::uint64_t>) == 1);
static_assert(!std::is_convertible_v<BigEndian16, int>, "host() is the only way to a number");

struct Header {
  std::uint8_t first;
  BigEndian16 second;
};
static_assert(WireStruct<Header> && !WireStruct<std::string>);

TEST(ByteReader, CopiesAStructOut) {
  ByteReader reader(AsBytes("a\x12\x34rest"));
  const Result<Header> header = reader.Read<Header>("read header");
  ASSERT_TRUE(header);
  EXPECT_EQ(header->first, 'a');
  EXPECT_EQ(header->second.host(), 0x1234);
  EXPECT_EQ(reader.Remaining(), 4U);
}

TEST(ByteReader, ReadsItsLastByte) {
  ByteReader reader(AsBytes("abc"));
  EXPECT_TRUE(reader.Read<Header>("read header"));
  EXPECT_EQ(reader.Remaining(), 0U);
}

TEST(ByteReader, NamesWhatIsTruncatedAndConsumesNothing) {
  ByteReader reader(AsBytes("ab"));
  const Result<Header> header = reader.Read<Header>("read header");
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().ToString(), "read header: truncated");
  EXPECT_EQ(ErrcOf(reader.Take(3, "take")), Errc::kTruncated);
  EXPECT_EQ(ErrcOf(reader.Skip(3, "skip")), Errc::kTruncated);
  EXPECT_EQ(reader.Remaining(), 2U);
}

TEST(ByteReader, RefusesASizeThatWouldWrapAround) {
  ByteReader reader(AsBytes("ab"));
  EXPECT_EQ(ErrcOf(reader.Take(SIZE_MAX, "take")), Errc::kTruncated);
  EXPECT_EQ(ErrcOf(reader.Skip(SIZE_MAX, "skip")), Errc::kTruncated);
}

TEST(ByteReader, BorrowsAndSkips) {
  const std::string text = "abcd";
  ByteReader reader(AsBytes(text));
  ASSERT_TRUE(reader.Skip(1, "skip"));
  const Result<Bytes> taken = reader.Take(2, "take");
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->data(), AsBytes(text).data() + 1);
  EXPECT_EQ(taken->size(), 2U);
  EXPECT_EQ(reader.Rest().data(), AsBytes(text).data() + 3);
}

TEST(ByteReader, TakesNothingFromNothing) {
  ByteReader reader{Bytes()};
  EXPECT_TRUE(reader.Take(0, "take"));
  EXPECT_TRUE(reader.Skip(0, "skip"));
  EXPECT_EQ(ErrcOf(reader.Read<std::uint8_t>("read")), Errc::kTruncated);
}

}  // namespace
}  // namespace procwall
