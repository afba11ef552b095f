// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/busy_poll.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

using std::chrono::microseconds;

constexpr microseconds kLongest{50};

class BusyPollTest : public testing::Test {
 protected:
  void ReceiveAfter(std::chrono::nanoseconds pause, std::size_t packets = 1) {
    now += pause;
    poll.Received(packets, now);
  }
  void ReceiveQuickly(std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) ReceiveAfter(microseconds(20));
  }
  bool StaysAwakeAfter(std::chrono::nanoseconds pause) { return poll.StaysAwake(now + pause); }

  BootTime now{std::chrono::hours(1)};
  BusyPoll poll{kLongest};
};

TEST_F(BusyPollTest, SleepsAfterTheFirstPackets) {
  EXPECT_FALSE(StaysAwakeAfter(microseconds(0)));
  ReceiveQuickly(BusyPoll::kSinglesInARow);  // the first of them is not quick
  EXPECT_FALSE(StaysAwakeAfter(microseconds(0)));
}

TEST_F(BusyPollTest, StaysAwakeForAMomentWhilePacketsComeOneAtATime) {
  ReceiveQuickly(BusyPoll::kSinglesInARow + 1);
  EXPECT_TRUE(StaysAwakeAfter(microseconds(0)));
  EXPECT_TRUE(StaysAwakeAfter(kLongest - microseconds(1)));
  EXPECT_FALSE(StaysAwakeAfter(kLongest));
}

TEST_F(BusyPollTest, AnEmptyLookChangesNothing) {
  ReceiveQuickly(BusyPoll::kSinglesInARow + 1);
  poll.Received(0, now + microseconds(10));
  EXPECT_TRUE(StaysAwakeAfter(microseconds(20)));
  EXPECT_FALSE(StaysAwakeAfter(kLongest));  // counted from the packet
}

TEST_F(BusyPollTest, SleepsWherePacketsComeSlowly) {
  ReceiveQuickly(BusyPoll::kSinglesInARow + 1);
  ReceiveAfter(BusyPoll::kQuick);
  EXPECT_FALSE(StaysAwakeAfter(microseconds(0)));
  ReceiveQuickly(BusyPoll::kSinglesInARow);
  EXPECT_TRUE(StaysAwakeAfter(microseconds(0)));
}

TEST_F(BusyPollTest, SleepsWherePacketsComeInBatches) {
  ReceiveQuickly(BusyPoll::kSinglesInARow + 1);
  ReceiveAfter(microseconds(20), 2);
  EXPECT_FALSE(StaysAwakeAfter(microseconds(0)));
}

TEST_F(BusyPollTest, DoesNotWaitForPacketsThatComeALittleTooLate) {
  ReceiveQuickly(BusyPoll::kSinglesInARow + 1);
  for (int i = 0; i < BusyPoll::kMostInVain; ++i) {
    EXPECT_TRUE(StaysAwakeAfter(microseconds(0)));
    EXPECT_FALSE(StaysAwakeAfter(kLongest));  // and sleeps
    ReceiveAfter(kLongest + microseconds(10));
  }
  EXPECT_FALSE(StaysAwakeAfter(microseconds(0)));
  ReceiveQuickly(BusyPoll::kSinglesInARow);
  EXPECT_TRUE(StaysAwakeAfter(microseconds(0)));
}

TEST_F(BusyPollTest, ForgivesOneThatWasLate) {
  ReceiveQuickly(BusyPoll::kSinglesInARow + 1);
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(StaysAwakeAfter(kLongest));
    ReceiveAfter(kLongest + microseconds(10));
    EXPECT_TRUE(StaysAwakeAfter(microseconds(0)));
    ReceiveAfter(microseconds(20));
  }
  EXPECT_TRUE(StaysAwakeAfter(microseconds(0)));
}

TEST_F(BusyPollTest, LeavesTheProcessorToWhoNeedsItLonger) {
  ReceiveQuickly(BusyPoll::kSinglesInARow + 1);
  poll.Yielded(BusyPoll::kYieldedToSomebody - microseconds(1));
  EXPECT_TRUE(StaysAwakeAfter(microseconds(0)));
  poll.Yielded(BusyPoll::kYieldedToSomebody);
  EXPECT_FALSE(StaysAwakeAfter(microseconds(0)));
}

TEST_F(BusyPollTest, NeverStaysAwakeWhereItIsOff) {
  poll = BusyPoll(microseconds(0));
  ReceiveQuickly(BusyPoll::kSinglesInARow + 1);
  EXPECT_FALSE(StaysAwakeAfter(microseconds(0)));
}

}  // namespace
}  // namespace procwall
