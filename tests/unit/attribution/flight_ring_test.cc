// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/flight_ring.h"

#include <linux/perf_event.h>

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trace_record.h"

namespace procwall {
namespace {

// Writes as the kernel does, backwards.
class WrittenRing {
 public:
  static constexpr std::size_t kBytes = 16384;

  void Write(std::uint32_t number, std::uint16_t size = 16) {
    const perf_event_header header{.type = PERF_RECORD_SAMPLE, .misc = 0, .size = size};
    std::string record = RawBytes(header) + RawBytes(number);
    record.resize(size);
    head_ -= size;
    for (std::size_t i = 0; i < size; ++i) {
      bytes_[(head_ + i) & (kBytes - 1)] = static_cast<std::byte>(record[i]);
    }
  }
  std::uint64_t Head() const { return head_; }
  FlightRing Copied() const { return {.bytes = bytes_, .head = head_, .head_after = head_}; }

 private:
  std::vector<std::byte> bytes_ = std::vector<std::byte>(kBytes);
  std::uint64_t head_ = 0;
};

struct Read {
  std::vector<std::uint32_t> numbers;
  bool reached_back = false;
};
Read ReadAll(const FlightRing& ring, std::size_t most = 100'000) {
  Read read;
  read.reached_back = ring.Visit([&](Bytes record) {
    ByteReader reader(record.subspan(sizeof(perf_event_header)));
    read.numbers.push_back(reader.Read<std::uint32_t>("number").value());
    return read.numbers.size() < most;
  });
  return read;
}

TEST(FlightRing, IsEmptyAtFirst) {
  const Read read = ReadAll(WrittenRing().Copied());
  EXPECT_TRUE(read.numbers.empty());
  EXPECT_TRUE(read.reached_back);
}

TEST(FlightRing, ShowsTheNewestFirst) {
  WrittenRing ring;
  for (std::uint32_t i = 0; i < 3; ++i) ring.Write(i);
  const Read read = ReadAll(ring.Copied());
  EXPECT_EQ(read.numbers, (std::vector<std::uint32_t>{2, 1, 0}));
  EXPECT_TRUE(read.reached_back);
}

TEST(FlightRing, StopsWhenItIsTold) {
  WrittenRing ring;
  for (std::uint32_t i = 0; i < 5000; ++i) ring.Write(i);
  const Read read = ReadAll(ring.Copied(), 2);
  EXPECT_EQ(read.numbers, (std::vector<std::uint32_t>{4999, 4998}));
  EXPECT_TRUE(read.reached_back);
}

TEST(FlightRing, SaysThatWhatIsOlderWasOverwritten) {
  WrittenRing ring;
  for (std::uint32_t i = 0; i < 5000; ++i) ring.Write(i);
  const Read read = ReadAll(ring.Copied());
  EXPECT_FALSE(read.reached_back);
  EXPECT_EQ(read.numbers.size(), (WrittenRing::kBytes - FlightRing::kMargin) / 16);
  EXPECT_TRUE(std::ranges::is_sorted(read.numbers, std::greater{}));
}

TEST(FlightRing, ReadsOneThatLiesInTwoParts) {
  WrittenRing ring;
  for (std::uint32_t i = 0; i < 2000; ++i) ring.Write(i, 24);  // no divisor of the size
  const Read read = ReadAll(ring.Copied(), 500);
  ASSERT_EQ(read.numbers.size(), 500U);
  for (std::uint32_t i = 0; i < 500; ++i) EXPECT_EQ(read.numbers[i], 1999 - i);
}

TEST(FlightRing, LeavesOutWhatWasOverwrittenWhileItWasCopied) {
  WrittenRing ring;
  for (std::uint32_t i = 0; i < 5000; ++i) ring.Write(i);
  FlightRing copied = ring.Copied();
  copied.head_after = copied.head - 1600;
  const Read read = ReadAll(copied);
  EXPECT_FALSE(read.reached_back);
  EXPECT_EQ(read.numbers.size(), (WrittenRing::kBytes - FlightRing::kMargin - 1600) / 16);
}

TEST(FlightRing, NeverReadsBeyondDamage) {
  WrittenRing ring;
  ring.Write(1);
  ring.Write(2, 4);  // shorter than its header
  EXPECT_TRUE(ReadAll(ring.Copied()).numbers.empty());
  EXPECT_FALSE(ReadAll(ring.Copied()).reached_back);
}

TEST(FlightRing, RefusesPositionsThatCannotBe) {
  WrittenRing ring;
  for (std::uint32_t i = 0; i < 10; ++i) ring.Write(i);
  FlightRing copied = ring.Copied();
  copied.head_after = copied.head + 16;  // it never rises
  EXPECT_FALSE(ReadAll(copied).reached_back);
  EXPECT_TRUE(ReadAll(copied).numbers.empty());
  copied.bytes = {};
  EXPECT_FALSE(ReadAll(copied).reached_back);
}

}  // namespace
}  // namespace procwall
