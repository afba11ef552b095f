// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/lifetime.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

TEST(ParseGoDuration, ReadsWhatGoWrites) {
  EXPECT_EQ(ParseGoDuration("1h30m"), nanoseconds(90min));
  EXPECT_EQ(ParseGoDuration("1h0m0.5s"), nanoseconds(3600500ms));
  EXPECT_EQ(ParseGoDuration("300ms"), nanoseconds(300ms));
  EXPECT_EQ(ParseGoDuration("1us2\u00b5s3\u03bcs4ns"), nanoseconds(6004));
  EXPECT_EQ(ParseGoDuration(".5s"), nanoseconds(500ms));
  EXPECT_EQ(ParseGoDuration("5.s"), nanoseconds(5s));
  EXPECT_EQ(ParseGoDuration("0"), nanoseconds(0));
  EXPECT_EQ(ParseGoDuration("-15m"), nanoseconds(-15min));
  EXPECT_EQ(ParseGoDuration("+15m"), nanoseconds(15min));
}

TEST(ParseGoDuration, RefusesEverythingElse) {
  for (const char* text : {"", "+", "1", "1 h", "h", ".s", "1d", "1w", "1h30", "forever", "1.2.3s",
                           "9300000000s", "--1s", "1H"}) {
    EXPECT_EQ(ParseGoDuration(text), std::nullopt) << text;
  }
}

TEST(Lifetime, KnowsTheWordsOfOpenSnitch) {
  EXPECT_EQ(Lifetime::Of("always").kind, Lifetime::Kind::kAlways);
  EXPECT_EQ(Lifetime::Of("until restart").kind, Lifetime::Kind::kUntilRestart);
  EXPECT_EQ(Lifetime::Of("once").kind, Lifetime::Kind::kOnce);
  EXPECT_EQ(Lifetime::Of("15m"), (Lifetime{Lifetime::Kind::kFor, 15min}));
  EXPECT_EQ(Lifetime::Of("a while").kind, Lifetime::Kind::kNotKnown);
}

TEST(Lifetime, EndsThatLongAfterItBegan) {
  const BootTime now{1h};
  EXPECT_EQ(Lifetime::Of("15m").EndOf(now), now + 15min);
  EXPECT_EQ(Lifetime::Of("15m").EndOf(BootTime::max() - 1min), BootTime::max());
  EXPECT_EQ(Lifetime::Of("always").EndOf(now), std::nullopt);
}

}  // namespace
}  // namespace procwall
