// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/storm_watch.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

using std::chrono::milliseconds;

class StormWatchTest : public testing::Test {
 protected:
  // So many in each of `tenths` tenths of a second.
  bool Come(std::size_t count, int tenths) {
    for (int i = 0; i < tenths; ++i) storm.Note(count, now += milliseconds(100));
    return storm.IsStorm();
  }

  StormWatch storm;
  BootTime now{std::chrono::hours(1)};
};

TEST_F(StormWatchTest, ThereIsNoneWhileLittleComes) {
  storm.Note(0, now);
  EXPECT_FALSE(Come(200, 10));
}

TEST_F(StormWatchTest, BeginsAtOnce) {
  storm.Note(0, now);
  EXPECT_TRUE(Come(201, 1));
}

TEST_F(StormWatchTest, IsOverWhenItHasBeenCalmForAWhile) {
  storm.Note(0, now);
  Come(5000, 3);
  EXPECT_TRUE(Come(0, 19));
  EXPECT_FALSE(Come(0, 1));
}

TEST_F(StormWatchTest, ManyAtOnceAfterALongSilenceAreNone) {
  storm.Note(0, now);
  EXPECT_FALSE(storm.Note(1000, now += std::chrono::seconds(10)));
}

}  // namespace
}  // namespace procwall
