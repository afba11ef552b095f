// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/send_bound.h"

#include <poll.h>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""ns;

TEST(ParseRunDelay, IsTheSecondNumber) { EXPECT_EQ(ParseRunDelay("123 456 7\n"), 456ns); }

TEST(ParseRunDelay, IsNotKnownOfOtherTexts) {
  for (const char* text : {"", "123", "123 ", "123 x", "123 -1 2", "1 99999999999999999999 3"}) {
    EXPECT_EQ(ParseRunDelay(text), std::nullopt) << text;
  }
}

TEST(SendBound, IsNotKnownAtFirst) {
  const SystemClock clock;
  EXPECT_EQ(SendBound(clock).Earliest(), BootTime{});
}

TEST(SendBound, IsShortlyBeforeTheSleeperWasWoken) {
  const SystemClock clock;
  SendBound bound(clock);
  const BootTime empty = clock.Now();
  bound.BeforeSleep(empty);
  ::poll(nullptr, 0, 5);
  bound.AfterSleep();
  EXPECT_LE(bound.Earliest(), clock.Now() - SendBound::kSlack);
  if (bound.Earliest() == empty) {
    GTEST_SKIP() << "this kernel does not tell how long a thread waits for a processor";
  }
  EXPECT_GT(bound.Earliest(), empty);
}

TEST(SendBound, IsWhenTheQueueWasEmptyIfNobodySlept) {
  const FakeClock clock;  // no time passes, whatever else runs
  SendBound bound(clock);
  const BootTime empty = clock.Now();
  bound.BeforeSleep(empty);
  bound.AfterSleep();
  EXPECT_EQ(bound.Earliest(), empty);
}

TEST(SendBound, StaysWhatItWasWhilePacketsWait) {
  const FakeClock clock;  // no time passes, whatever else runs
  SendBound bound(clock);
  const BootTime empty = clock.Now();
  bound.BeforeSleep(empty);
  bound.AfterSleep();
  bound.AfterSleep();
  EXPECT_EQ(bound.Earliest(), empty);
}

}  // namespace
}  // namespace procwall
