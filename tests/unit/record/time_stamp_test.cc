// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/time_stamp.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace procwall {
namespace {

using std::chrono::nanoseconds;

google::protobuf::Timestamp Time(std::int64_t whole, std::int32_t nanos) {
  google::protobuf::Timestamp time;
  time.set_seconds(whole);
  time.set_nanos(nanos);
  return time;
}

TEST(Rfc3339, WritesUtcWithNanoseconds) {
  EXPECT_EQ(Rfc3339(Time(1709301802, 184000001)), "2024-03-01T14:03:22.184000001Z");
  EXPECT_EQ(Rfc3339(Time(0, 0)), "1970-01-01T00:00:00.000000000Z");
  EXPECT_EQ(Rfc3339(Time(-62135596800, 0)), "0001-01-01T00:00:00.000000000Z");
  EXPECT_EQ(Rfc3339(Time(253402300799, 999999999)), "9999-12-31T23:59:59.999999999Z");
}

TEST(Rfc3339, RefusesATimeOutsideItsYears) {
  EXPECT_EQ(Rfc3339(Time(INT64_MAX, 0)), "invalid-time");
  EXPECT_EQ(Rfc3339(Time(INT64_MIN, 0)), "invalid-time");
  EXPECT_EQ(Rfc3339(Time(0, -1)), "invalid-time");
  EXPECT_EQ(Rfc3339(Time(0, 1000000000)), "invalid-time");
}

TEST(Nanoseconds, AddsBothParts) {
  google::protobuf::Duration duration;
  duration.set_seconds(2);
  duration.set_nanos(5);
  EXPECT_EQ(Nanoseconds(duration), nanoseconds(2'000'000'005));
  duration.set_seconds(INT64_MAX);
  EXPECT_EQ(Nanoseconds(duration), nanoseconds(0));
}

TEST(EpochNanoseconds, CountsFrom1970AndNeverOverflows) {
  EXPECT_EQ(EpochNanoseconds(Time(1709301802, 184000001)), 1709301802184000001);
  EXPECT_EQ(EpochNanoseconds(Time(-1, 5)), -999'999'995);
  EXPECT_GT(EpochNanoseconds(Time(INT64_MAX, 0)), 9'000'000'000'000'000'000);
  EXPECT_LT(EpochNanoseconds(Time(INT64_MIN, 0)), -9'000'000'000'000'000'000);
}

}  // namespace
}  // namespace procwall
