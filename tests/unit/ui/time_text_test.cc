// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/time_text.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

google::protobuf::Timestamp Time(std::int64_t whole, std::int32_t nanos) {
  google::protobuf::Timestamp time;
  time.set_seconds(whole);
  time.set_nanos(nanos);
  return time;
}

TEST(ClockText, IsLocalTime) {
  const auto time = Time(1709301802, 184999999);
  EXPECT_EQ(ClockText(time, seconds(3600), Precision::kMilliseconds), "15:03:22.184");
  EXPECT_EQ(ClockText(time, seconds(-15 * 3600), Precision::kSeconds), "23:03:22");
  EXPECT_EQ(ClockText(Time(INT64_MAX, 0), seconds(0), Precision::kSeconds), "invalid-time");
}

TEST(LatencyText, PicksTheUnitThatReads) {
  EXPECT_EQ(LatencyText(nanoseconds(850)), "850 ns");
  EXPECT_EQ(LatencyText(nanoseconds(1'000)), "1.0 µs");
  EXPECT_EQ(LatencyText(nanoseconds(9'960)), "10 µs");
  EXPECT_EQ(LatencyText(nanoseconds(312'450)), "312 µs");
  EXPECT_EQ(LatencyText(nanoseconds(999'600)), "1.0 ms");
  EXPECT_EQ(LatencyText(nanoseconds(48'700'000)), "49 ms");
  EXPECT_EQ(LatencyText(nanoseconds(30'000'000'000)), "30 s");
}

TEST(AgeText, NamesTheTwoLargestUnits) {
  EXPECT_EQ(AgeText(seconds(-5)), "0 s");
  EXPECT_EQ(AgeText(seconds(59)), "59 s");
  EXPECT_EQ(AgeText(seconds(725)), "12 min 5 s");
  EXPECT_EQ(AgeText(seconds(7260)), "2 h 1 min");
  EXPECT_EQ(AgeText(seconds(266400)), "3 d 2 h");
}

}  // namespace
}  // namespace procwall
