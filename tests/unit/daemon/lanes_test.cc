// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/lanes.h"

#include <poll.h>

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/wakeup.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LanesTest : public testing::Test {
 protected:
  LanesTest() {
    for (int i = 0; i < 3; ++i) wakeups.push_back(Wakeup::Create().value());
  }
  bool IsAwake(std::size_t lane) const {
    pollfd waiting{wakeups[lane].UnsafeFd(), POLLIN, 0};
    return ::poll(&waiting, 1, 0) == 1;
  }

  std::vector<Wakeup> wakeups;
};

TEST_F(LanesTest, AnAnswerGoesToWhoAskedAndWakesNobodyElse) {
  LaneAnswers<std::string> answers(Lanes(wakeups), 2);
  EXPECT_TRUE(answers.Send(1, "for one"));
  EXPECT_TRUE(IsAwake(1));
  EXPECT_FALSE(IsAwake(0) || IsAwake(2));
  EXPECT_FALSE(answers.HasAny(0));
  EXPECT_THAT(answers.TakeAll(0), IsEmpty());
  EXPECT_THAT(answers.TakeAll(1), ElementsAre("for one"));
}

TEST_F(LanesTest, AFullLaneIsRefusedAndTheOthersAreNot) {
  LaneAnswers<std::string> answers(Lanes(wakeups), 1);
  EXPECT_TRUE(answers.Send(0, "a"));
  EXPECT_FALSE(answers.Send(0, "b"));
  EXPECT_TRUE(answers.Send(2, "c"));
}

TEST_F(LanesTest, AllAreWokenTogether) {
  Lanes(wakeups).WakeAll();
  EXPECT_TRUE(IsAwake(0) && IsAwake(1) && IsAwake(2));
}

}  // namespace
}  // namespace procwall
