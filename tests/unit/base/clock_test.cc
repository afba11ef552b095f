// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/clock.h"

#include <ctime>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

std::chrono::nanoseconds KernelClock(clockid_t id) {
  timespec now{};
  ::clock_gettime(id, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

TEST(SystemClock, TellsTheTimeSinceBootSuspendIncluded) {
  const auto before = KernelClock(CLOCK_BOOTTIME);
  const BootTime now = SystemClock().Now();
  EXPECT_LE(before, now.time_since_epoch());
  EXPECT_LE(now.time_since_epoch(), KernelClock(CLOCK_BOOTTIME));
}

// The wall clock may be set while we look, so this one only asks for the same day.
TEST(SystemClock, TellsTheTimeOfDay) {
  const auto difference = SystemClock().WallNow() - std::chrono::system_clock::now();
  EXPECT_LT(std::chrono::abs(difference), std::chrono::hours(24));
}

TEST(FakeClock, MovesBothTimesWhenTold) {
  FakeClock clock;
  const BootTime boot = clock.Now();
  const WallTime wall = clock.WallNow();
  EXPECT_EQ(clock.Now(), boot);
  clock.Advance(std::chrono::seconds(3));
  EXPECT_EQ(clock.Now() - boot, std::chrono::seconds(3));
  EXPECT_EQ(clock.WallNow() - wall, std::chrono::seconds(3));
}

}  // namespace
}  // namespace procwall
