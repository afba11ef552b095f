// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/parallel_for.h"

#include <sched.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(ParallelFor, CallsEachOnce) {
  for (const std::size_t count : {0U, 1U, 15U, 17U, 1000U, 10'000U}) {
    std::vector<std::atomic<int>> called(count);
    ParallelFor(
        count, [&](std::size_t i) { ++called[i]; }, 4);
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(called[i].load(), 1) << i << " of " << count;
  }
}

TEST(ParallelFor, LittleWorkIsDoneByTheCaller) {
  const auto caller = std::this_thread::get_id();
  ParallelFor(
      2 * kWorthAThread - 1, [&](std::size_t) { EXPECT_EQ(std::this_thread::get_id(), caller); },
      4);
}

TEST(ParallelFor, MuchWorkIsDoneBySeveral) {
  std::atomic<int> at_once{0};
  std::atomic<bool> together{false};
  // Each waits until somebody else is there, as long as nobody has been.
  ParallelFor(
      2 * kWorthAThread,
      [&](std::size_t) {
        ++at_once;
        while (!together.load()) {
          if (at_once.load() > 1) together.store(true);
          std::this_thread::yield();
        }
        --at_once;
      },
      2);
  EXPECT_TRUE(together.load());
}

TEST(ParallelFor, HelpersWaitForTheirTurn) {
  const auto caller = std::this_thread::get_id();
  std::atomic<int> batch{0};
  std::atomic<int> others{0};
  std::atomic<bool> helped{false};
  ParallelFor(
      2 * kWorthAThread,
      [&](std::size_t) {
        if (std::this_thread::get_id() != caller) {
          ++others;
          batch += ::sched_getscheduler(0) == SCHED_BATCH ? 1 : 0;
          helped.store(true);
        }
        while (!helped.load()) std::this_thread::yield();
      },
      2);
  EXPECT_GT(others.load(), 0);
  EXPECT_EQ(batch.load(), others.load());
  EXPECT_EQ(::sched_getscheduler(0), SCHED_OTHER);  // the caller is as it was
}

}  // namespace
}  // namespace procwall
