// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/moment.h"

#include <cstdlib>
#include <ctime>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using std::chrono::sys_seconds;

// At 2026-11-20 15:30:00 one hour east of Greenwich.
class MomentTest : public testing::Test {
 protected:
  MomentTest() {
    ::setenv("TZ", "TST-1", 1);
    ::tzset();
  }
  ~MomentTest() override {
    ::unsetenv("TZ");
    ::tzset();
  }
  // Seconds before now; a wrong one is "never".
  static std::int64_t Before(const char* text) {
    const auto moment = ParseMoment(text, kNow);
    return moment ? (kNow - *moment).count() : -1;
  }

  static constexpr sys_seconds kNow{std::chrono::seconds(1795185000)};
  static constexpr std::int64_t kHour = 3600;
};

TEST_F(MomentTest, CanBeAgo) {
  EXPECT_EQ(Before("now"), 0);
  EXPECT_EQ(Before("2h"), 2 * kHour);
  EXPECT_EQ(Before("2h30m"), 2 * kHour + 1800);
  EXPECT_EQ(Before(" 90 min ago "), 5400);
  EXPECT_EQ(Before("3 days ago"), 72 * kHour);
  EXPECT_EQ(Before("1w"), 7 * 24 * kHour);
  EXPECT_EQ(Before("45s"), 45);
}

TEST_F(MomentTest, CanBeADay) {
  EXPECT_EQ(Before("today"), 15 * kHour + 1800);
  EXPECT_EQ(Before("Yesterday"), 39 * kHour + 1800);
  EXPECT_EQ(Before("yesterday 18:30"), 21 * kHour);
  EXPECT_EQ(Before("today 14:00"), kHour + 1800);
  EXPECT_EQ(Before("14:00"), kHour + 1800);
  EXPECT_EQ(Before("2026-11-20"), 15 * kHour + 1800);
}

TEST_F(MomentTest, CanBeWrittenWhole) {
  EXPECT_EQ(Before("2026-11-20 14:00"), kHour + 1800);
  EXPECT_EQ(Before("2026-11-20T14:00:05"), kHour + 1795);
  EXPECT_EQ(Before("2026-11-20T13:00:05Z"), kHour + 1795);
  EXPECT_EQ(Before("@1795184999"), 1);
}

TEST_F(MomentTest, OfNonsenseSaysWhatItMayBe) {
  for (const char* text : {"", "soon", "2", "2x", "-2h", "2026-13-01", "2026-02-30",
                           "2026-11-20 25:00", "14:61", "2026-11-20 14:00 x", "14:00:05:06", "@-1",
                           "@x", "today14:00", "99999999999h", "yesterday 1", "z", "20261120"}) {
    EXPECT_FALSE(ParseMoment(text, kNow)) << text;
  }
  EXPECT_THAT(ParseMoment("soon", kNow).error(), testing::StartsWith("'soon' is no time: try 2h"));
}

}  // namespace
}  // namespace procwall
