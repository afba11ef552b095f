// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/exec_history.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

using std::chrono_literals::operator""ms;

constexpr BootTime kHistoryBegin{std::chrono::seconds(100)};

TEST(ExecHistory, KnowsWhoExecutedNothing) {
  const ExecHistory history(kHistoryBegin);
  EXPECT_FALSE(history.MayHaveExecutedSince(7, kHistoryBegin));
}

TEST(ExecHistory, KnowsWhoExecutedSomethingSince) {
  ExecHistory history(kHistoryBegin);
  history.Note(7, kHistoryBegin + 5ms);
  EXPECT_TRUE(history.MayHaveExecutedSince(7, kHistoryBegin + 5ms));
  EXPECT_FALSE(history.MayHaveExecutedSince(7, kHistoryBegin + 6ms));
  EXPECT_FALSE(history.MayHaveExecutedSince(8, kHistoryBegin));
}

TEST(ExecHistory, DoesNotKnowWhatWasBeforeItBegan) {
  const ExecHistory history(kHistoryBegin);
  EXPECT_TRUE(history.MayHaveExecutedSince(7, kHistoryBegin - 1ms));
}

TEST(ExecHistory, DoesNotKnowWhatWasLost) {
  ExecHistory history(kHistoryBegin);
  history.ForgetBefore(kHistoryBegin + 10ms);
  EXPECT_TRUE(history.MayHaveExecutedSince(7, kHistoryBegin + 9ms));
  EXPECT_FALSE(history.MayHaveExecutedSince(7, kHistoryBegin + 10ms));
}

TEST(ExecHistory, DoesNotKnowWhatIsTooLongAgo) {
  ExecHistory history(kHistoryBegin);
  for (std::size_t i = 0; i <= ExecHistory::kCapacity; ++i) {
    history.Note(static_cast<Pid>(i), kHistoryBegin + i * 1ms);
  }
  EXPECT_TRUE(history.MayHaveExecutedSince(1, kHistoryBegin));
  EXPECT_FALSE(history.MayHaveExecutedSince(-1, kHistoryBegin + 1ms));
  EXPECT_TRUE(history.MayHaveExecutedSince(1, kHistoryBegin + 1ms));
}

}  // namespace
}  // namespace procwall
