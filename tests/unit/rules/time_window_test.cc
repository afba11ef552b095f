// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/time_window.h"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr int kMonday = 0;
constexpr int kFriday = 4;
constexpr int kSaturday = 5;
constexpr int kSunday = 6;

bool Contains(std::string_view text, int day, int hour, int minute = 0) {
  const auto windows = TimeWindows::Parse(text);
  EXPECT_TRUE(windows.has_value()) << text;
  return windows && windows->Contain({(day * 24 + hour) * 60 + minute});
}

TEST(TimeWindows, AreOpenFromTheBeginningToBeforeTheEnd) {
  EXPECT_FALSE(Contains("Mon-Fri 08:00-18:00", kMonday, 7, 59));
  EXPECT_TRUE(Contains("Mon-Fri 08:00-18:00", kMonday, 8));
  EXPECT_TRUE(Contains("Mon-Fri 08:00-18:00", kFriday, 17, 59));
  EXPECT_FALSE(Contains("Mon-Fri 08:00-18:00", kFriday, 18));
  EXPECT_FALSE(Contains("Mon-Fri 08:00-18:00", kSaturday, 12));
}

TEST(TimeWindows, GoOnPastMidnight) {
  EXPECT_TRUE(Contains("Fri 22:00-06:00", kFriday, 23));
  EXPECT_TRUE(Contains("Fri 22:00-06:00", kSaturday, 5));
  EXPECT_FALSE(Contains("Fri 22:00-06:00", kFriday, 5));
  EXPECT_TRUE(Contains("Sun 22:00-06:00", kMonday, 5));
  EXPECT_TRUE(Contains("22:00-6:00", kMonday, 5));
}

TEST(TimeWindows, AreWholeDaysWithoutTimesAndEveryDayWithoutDays) {
  EXPECT_TRUE(Contains("Sat,Sun", kSunday, 23, 59));
  EXPECT_FALSE(Contains("Sat,Sun", kMonday, 0));
  EXPECT_TRUE(Contains("Sat-Mon", kSunday, 0));
  EXPECT_TRUE(Contains("00:00-24:00", kSunday, 23, 59));
}

TEST(TimeWindows, AreSeveral) {
  const char* const text = " mon - fri 9:00 - 10:00 ; SUN ";
  EXPECT_TRUE(Contains(text, kMonday, 9));
  EXPECT_TRUE(Contains(text, kSunday, 12));
  EXPECT_FALSE(Contains(text, kMonday, 12));
}

TEST(TimeWindows, RefuseEverythingElse) {
  for (const char* text :
       {"", ";", "Monday", "Mon-", "-Fri", "Mon 8", "25:00-26:00", "08:60-09:00", "08:00", "08:00-",
        "08:00-08:00", "24:01-25:00", "-1:00-2:00", "Mon Tue 08:00-09:00", "08:00-09:00;;"}) {
    EXPECT_FALSE(TimeWindows::Parse(text).has_value()) << text;
  }
  EXPECT_EQ(TimeWindows::Parse("noon").error(),
            "\"noon\" is no time like \"Mon-Fri 08:00-18:00\", \"22:00-06:00\" or \"Sat,Sun\"");
}

TEST(LocalWeekTime, CountsFromMondayWhereThisHostIs) {
  ::setenv("TZ", "Europe/Berlin", 1);  // NOLINT(concurrency-mt-unsafe): one thread
  ::tzset();
  const WallTime noon{std::chrono::hours(24 * 4 + 11)};  // Monday 1970-01-05 11:00 UTC
  EXPECT_EQ(LocalWeekTime(noon), (WeekTime{12 * 60}));
  EXPECT_EQ(LocalWeekTime(noon - std::chrono::hours(13)), (WeekTime{kSunday * 1440 + 23 * 60}));
  ::unsetenv("TZ");  // NOLINT(concurrency-mt-unsafe): one thread
  ::tzset();
}

}  // namespace
}  // namespace procwall
