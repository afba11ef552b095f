// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/free_memory.h"

#include <chrono>
#include <cstdint>

#include <gtest/gtest.h>

namespace procwall {
namespace {

using std::chrono_literals::operator""s;

constexpr std::uint64_t kMiB = 1 << 20;

class FreeMemoryTest : public testing::Test {
 protected:
  std::uint64_t resident_ = 20 * kMiB;
  std::uint64_t freed_ = 0;  // of what is resident
  int given_ = 0;
  FreeMemory memory_{[this] { return resident_; },
                     [this] {
                       ++given_;
                       resident_ -= freed_;
                       freed_ = 0;
                     }};
  BootTime now_{100s};
};

TEST(ResidentBytes, IsThisProcess) {
  EXPECT_GT(ResidentBytes(), kMiB);
  EXPECT_LT(ResidentBytes(), 10'000 * kMiB);
}

TEST_F(FreeMemoryTest, LittleGrowthIsLeftAlone) {
  resident_ += FreeMemory::kWorthBytes - 1;
  EXPECT_FALSE(memory_.Look(now_));
  EXPECT_EQ(given_, 0);
}

TEST_F(FreeMemoryTest, WhatABurstLeftIsGivenBack) {
  resident_ += 50 * kMiB;
  freed_ = 48 * kMiB;
  EXPECT_TRUE(memory_.Look(now_));
  EXPECT_EQ(resident_, 22 * kMiB);
  EXPECT_FALSE(memory_.Look(now_ + 3600s));
  EXPECT_EQ(given_, 1);
}

TEST_F(FreeMemoryTest, NotMoreOftenThanTheInterval) {
  resident_ += 50 * kMiB;
  EXPECT_TRUE(memory_.Look(now_));
  resident_ += 50 * kMiB;
  EXPECT_FALSE(memory_.Look(now_ + FreeMemory::kInterval - 1s));
  EXPECT_TRUE(memory_.Look(now_ + FreeMemory::kInterval));
}

TEST_F(FreeMemoryTest, InVainLaterAndLater) {
  resident_ += 50 * kMiB;  // in use
  for (int second = 0; second < 3600; ++second) (void)memory_.Look(now_ + second * 1s);
  // 0, 5, 15, 35, 75, 155, 315, 635 and every ten minutes.
  EXPECT_EQ(given_, 12);
  freed_ = 50 * kMiB;  // no longer
  EXPECT_TRUE(memory_.Look(now_ + 3600s + FreeMemory::kLongest));
  EXPECT_EQ(resident_, 20 * kMiB);
}

TEST_F(FreeMemoryTest, GrowthIsLookedAtSoonAgain) {
  resident_ += 50 * kMiB;
  for (int second = 0; second < 3600; ++second) (void)memory_.Look(now_ + second * 1s);
  const int given = given_;
  resident_ += FreeMemory::kWorthBytes;
  now_ += 3600s;
  EXPECT_TRUE(memory_.Look(now_));
  EXPECT_TRUE(memory_.Look(now_ + FreeMemory::kInterval * 2));
  EXPECT_EQ(given_, given + 2);
}

TEST_F(FreeMemoryTest, GrowthCountsFromTheLeastThatWasSeen) {
  resident_ -= 10 * kMiB;
  EXPECT_FALSE(memory_.Look(now_));
  resident_ += FreeMemory::kWorthBytes;
  EXPECT_TRUE(memory_.Look(now_));
}

}  // namespace
}  // namespace procwall
