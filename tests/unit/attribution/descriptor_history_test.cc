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

constexpr Inode kUnknown = 0;

DescriptorHistory HistoryOf(const std::vector<int>& fds) {
  DescriptorHistory history;
  for (const int fd : fds) history.Record(fd, kUnknown);
  return history;
}

std::vector<int> GuessesOf(const DescriptorHistory& history, Inode inode = kUnknown) {
  DescriptorHistory::Guesser guesser;
  std::vector<int> guesses;
  while (const auto fd = guesser.Next(history, inode)) guesses.push_back(*fd);
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

// Two neighbours of many sockets that were opened in a row: 10 has inode 100.
DescriptorHistory Row() {
  DescriptorHistory history;
  history.Record(10, 100);
  history.Record(11, 101);
  return history;
}

TEST(DescriptorHistory, CountsTheInodesOfSocketsThatWereOpenedInARow) {
  EXPECT_EQ(GuessesOf(Row(), 150).front(), 60);
  EXPECT_EQ(GuessesOf(Row(), 95).front(), 5);
}

TEST(DescriptorHistory, CountsNoInodesThatAreTooFarAway) {
  EXPECT_EQ(GuessesOf(Row(), 1'000'000).front(), 12);
  EXPECT_EQ(GuessesOf(Row(), 1).front(), 12);
}

TEST(DescriptorHistory, CountsNoInodesOfSocketsThatWereNotOpenedInARow) {
  DescriptorHistory history = Row();
  history.Record(12, 180);
  EXPECT_EQ(GuessesOf(history, 181).front(), 13);
  EXPECT_EQ(GuessesOf(history, 190).front(), 13);
}

TEST(DescriptorHistory, GuessesNoNumberTwiceInARow) {
  const std::vector<int> guesses = GuessesOf(Row(), 102);
  EXPECT_EQ(guesses.front(), 12);
  EXPECT_EQ(std::set(guesses.begin(), guesses.end()).size(), guesses.size());
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
  EXPECT_EQ(guesser.Next(history, kUnknown), 5);
  EXPECT_FALSE(guesser.IsHoping());
  EXPECT_EQ(guesser.Next(history, kUnknown), 6);
  EXPECT_TRUE(guesser.IsHoping());
}

TEST(DescriptorHistory, RemembersTheLatestOfMany) {
  DescriptorHistory history;
  for (int fd = 0; fd < 10000; ++fd) history.Record(fd, kUnknown);
  const std::vector<int> guesses = GuessesOf(history);
  EXPECT_EQ(guesses.front(), 10000);
  EXPECT_EQ(guesses.size(), 2 + DescriptorHistory::kRemembered);
}

}  // namespace
}  // namespace procwall
