// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/descriptor_history.h"

#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

DescriptorHistory HistoryOf(const std::vector<int>& fds) {
  DescriptorHistory history;
  for (const int fd : fds) history.Record(fd);
  return history;
}

std::vector<int> GuessesOf(const DescriptorHistory& history) {
  DescriptorHistory::Guesser guesser;
  std::vector<int> guesses;
  while (const auto fd = guesser.Next(history)) guesses.push_back(*fd);
  return guesses;
}

TEST(DescriptorHistory, HasNoGuessAtFirst) { EXPECT_THAT(GuessesOf({}), IsEmpty()); }

TEST(DescriptorHistory, GuessesTheSameForAClientWithOneSocketAtATime) {
  EXPECT_THAT(GuessesOf(HistoryOf({5, 5, 5})), ElementsAre(5, 6, 7));
}

TEST(DescriptorHistory, GuessesTheNextForAClientThatKeepsItsSockets) {
  EXPECT_THAT(GuessesOf(HistoryOf({10, 11, 12})), ElementsAre(13, 14, 12, 11, 10));
}

TEST(DescriptorHistory, GuessesTheStrideOfAClientThatOpensFilesBetween) {
  EXPECT_EQ(GuessesOf(HistoryOf({10, 13, 16})).front(), 19);
}

TEST(DescriptorHistory, GuessesWhoseTurnItIs) {
  EXPECT_EQ(GuessesOf(HistoryOf({4, 5, 6, 4, 5, 6, 4, 5})).front(), 6);
}

TEST(DescriptorHistory, GuessesNoNumberTwice) {
  for (const auto& fds : {std::vector{3, 4, 6, 5, 3}, std::vector{3, 5, 7}, std::vector{9, 8, 9}}) {
    const std::vector<int> guesses = GuessesOf(HistoryOf(fds));
    EXPECT_EQ(std::set(guesses.begin(), guesses.end()).size(), guesses.size());
  }
}

TEST(DescriptorHistory, HopesOnlyWhenTheHistoryIsUsedUp) {
  const DescriptorHistory history = HistoryOf({5, 5});
  DescriptorHistory::Guesser guesser;
  EXPECT_EQ(guesser.Next(history), 5);
  EXPECT_FALSE(guesser.IsHoping());
  EXPECT_EQ(guesser.Next(history), 6);
  EXPECT_TRUE(guesser.IsHoping());
}

TEST(DescriptorHistory, RemembersTheLatestOfMany) {
  DescriptorHistory history;
  for (int fd = 0; fd < 10000; ++fd) history.Record(fd);
  const std::vector<int> guesses = GuessesOf(history);
  EXPECT_EQ(guesses.front(), 10000);
  EXPECT_EQ(guesses.size(), 2 + DescriptorHistory::kRemembered);
}

}  // namespace
}  // namespace procwall
