// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_counts.h"

#include <vector>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TopTime At(std::int64_t seconds) { return TopTime(std::chrono::seconds(seconds)); }

TEST(RecentCount, CountsTenSeconds) {
  RecentCount count;
  EXPECT_EQ(count.PerSecond(At(1000)), 0);
  for (std::int64_t second = 1000; second < 1010; ++second) {
    count.Add(At(second));
    count.Add(At(second));
  }
  EXPECT_EQ(count.PerSecond(At(1009)), 2);
  EXPECT_EQ(count.PerSecond(At(1014)), 1);
  EXPECT_EQ(count.PerSecond(At(1030)), 0);
}

TEST(RecentCount, WhatComesLateCountsWhereItBelongs) {
  RecentCount count;
  count.Add(At(1009));
  count.Add(At(1001));
  count.Add(At(900));
  EXPECT_EQ(count.PerSecond(At(1009)), 0.2);
  EXPECT_EQ(count.PerSecond(At(1012)), 0.1);
}

TEST(RecentCount, BearsAnyClock) {
  RecentCount count;
  for (const std::int64_t second : std::vector<std::int64_t>{-5, 0, 9'000'000'000, 3}) {
    count.Add(At(second));
  }
  EXPECT_EQ(count.PerSecond(At(9'000'000'000)), 0.1);
  EXPECT_EQ(count.PerSecond(At(0)), 0.1);  // a clock that was set back sees what is to come
}

TEST(TopCounts, WhatIsNotKnownStaysThat) {
  TopCounts sum;
  sum.Add({.allowed = 1, .denied = 2, .last = At(5)});
  EXPECT_EQ(sum, (TopCounts{.allowed = 1, .denied = 2, .last = At(5)}));
  sum.Add({.live = 3, .in_bytes = 10, .in_rate = 0.5, .last = At(4)});
  sum.Add({.in_bytes = 1, .in_rate = 1.5});
  EXPECT_EQ(
      sum,
      (TopCounts{
          .allowed = 1, .denied = 2, .live = 3, .in_bytes = 11, .in_rate = 2.0, .last = At(5)}));
}

}  // namespace
}  // namespace procwall
