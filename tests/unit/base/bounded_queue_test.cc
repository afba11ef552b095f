// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/bounded_queue.h"

#include <poll.h>

#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/wakeup.h"

namespace procwall {
namespace {

using Pushed = BoundedQueue<int>::Pushed;

TEST(BoundedQueue, GivesOutWhatItTookInOrder) {
  BoundedQueue<int> queue(3);
  EXPECT_EQ(queue.TryPush(1), Pushed::kFirst);
  EXPECT_EQ(queue.TryPush(2), Pushed::kQueued);
  EXPECT_EQ(queue.TakeAll(), (std::deque{1, 2}));
  EXPECT_EQ(queue.Size(), 0U);
}

TEST(BoundedQueue, SaysFirstAgainAfterItWasEmptied) {
  BoundedQueue<int> queue(3);
  EXPECT_EQ(queue.TryPush(1), Pushed::kFirst);
  queue.TakeAll();
  EXPECT_EQ(queue.TryPush(2), Pushed::kFirst);
}

TEST(BoundedQueue, RefusesWhenFullAndLeavesTheValueAlone) {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  ASSERT_EQ(queue.TryPush(std::make_unique<int>(1)),
            BoundedQueue<std::unique_ptr<int>>::Pushed::kFirst);
  auto value = std::make_unique<int>(2);
  EXPECT_EQ(queue.TryPush(std::move(value)), BoundedQueue<std::unique_ptr<int>>::Pushed::kFull);
  EXPECT_EQ(value ? *value : 0, 2);  // NOLINT(bugprone-use-after-move): promised by the class
  EXPECT_EQ(queue.Size(), 1U);
}

TEST(BoundedQueue, WithoutRoomIsAlwaysFull) {
  EXPECT_EQ(BoundedQueue<int>(0).TryPush(1), Pushed::kFull);
}

// Two senders, one receiver that sleeps: nothing is lost, doubled or left behind unnoticed, and
// each sender's values stay in order.
TEST(BoundedQueue, WithAWakeupLosesNothingBetweenThreads) {
  constexpr int kValues = 5000;
  BoundedQueue<int> queue(64);
  const Wakeup wakeup = Wakeup::Create().value();
  const auto send = [&](int sign) {
    for (int i = 1; i <= kValues;) {
      const Pushed pushed = queue.TryPush(sign * i);
      if (pushed == Pushed::kFirst) wakeup.Wake();
      if (pushed == Pushed::kFull) {
        std::this_thread::yield();
      } else {
        ++i;
      }
    }
  };
  std::jthread positive(send, 1);
  std::jthread negative(send, -1);
  int last_positive = 0;
  int last_negative = 0;
  while (last_positive < kValues || last_negative > -kValues) {
    pollfd waiting{.fd = wakeup.UnsafeFd(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&waiting, 1, 30000), 1) << "nobody woke us";
    wakeup.Clear();
    for (const int value : queue.TakeAll()) {
      int& last = value > 0 ? last_positive : last_negative;
      EXPECT_EQ(value, last + (value > 0 ? 1 : -1));
      last = value;
    }
    if (HasFailure()) break;
  }
  positive.join();
  negative.join();
  EXPECT_EQ(queue.Size(), 0U);
}

}  // namespace
}  // namespace procwall
