// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/exec_history.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

using std::chrono_literals::operator""ms;

constexpr BootTime kBegin{std::chrono::seconds(100)};

TEST(ExecHistory, KnowsWhoExecutedNothing) {
  const ExecHistory history(kBegin);
  EXPECT_FALSE(history.MayHaveExecutedSince(7, kBegin));
}

TEST(ExecHistory, KnowsWhoExecutedSomethingSince) {
  ExecHistory history(kBegin);
  history.Note(7, kBegin + 5ms);
  EXPECT_TRUE(history.MayHaveExecutedSince(7, kBegin + 5ms));
  EXPECT_FALSE(history.MayHaveExecutedSince(7, kBegin + 6ms));
  EXPECT_FALSE(history.MayHaveExecutedSince(8, kBegin));
}

TEST(ExecHistory, DoesNotKnowWhatWasBeforeItBegan) {
  const ExecHistory history(kBegin);
  EXPECT_TRUE(history.MayHaveExecutedSince(7, kBegin - 1ms));
}

TEST(ExecHistory, DoesNotKnowWhatWasLost) {
  ExecHistory history(kBegin);
  history.ForgetBefore(kBegin + 10ms);
  EXPECT_TRUE(history.MayHaveExecutedSince(7, kBegin + 9ms));
  EXPECT_FALSE(history.MayHaveExecutedSince(7, kBegin + 10ms));
}

TEST(ExecHistory, DoesNotKnowWhatIsTooLongAgo) {
  ExecHistory history(kBegin);
  for (std::size_t i = 0; i <= ExecHistory::kCapacity; ++i) {
    history.Note(static_cast<Pid>(i), kBegin + i * 1ms);
  }
  EXPECT_TRUE(history.MayHaveExecutedSince(1, kBegin));
  EXPECT_FALSE(history.MayHaveExecutedSince(-1, kBegin + 1ms));
  EXPECT_TRUE(history.MayHaveExecutedSince(1, kBegin + 1ms));
}

}  // namespace
}  // namespace procwall
