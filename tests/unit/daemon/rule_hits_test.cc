// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_hits.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr WallTime At(int seconds) { return WallTime(std::chrono::seconds(seconds)); }

TEST(RuleHits, CountsAndRemembersTheLastTime) {
  RuleHits hits;
  hits.Count("a", At(1));
  hits.Count("b", At(2));
  hits.Count("a", At(3));
  EXPECT_EQ(hits.Find("a"), (RuleHits::Use{2, At(3)}));
}

TEST(RuleHits, KnowsNothingOfARuleThatWasNotUsed) {
  const RuleHits hits;
  EXPECT_EQ(hits.Find("a"), std::nullopt);
}

TEST(RuleHits, ForgetsTheLongestUnusedNameForANewOne) {
  RuleHits hits;
  for (std::size_t i = 0; i < RuleHits::kMostNames; ++i) hits.Count(std::to_string(i), At(1));
  hits.Count("0", At(2));
  hits.Count("new", At(3));
  EXPECT_EQ(hits.Find("new"), (RuleHits::Use{1, At(3)}));
  EXPECT_EQ(hits.Find("0"), (RuleHits::Use{2, At(2)}));
  EXPECT_EQ(hits.Find("1"), std::nullopt);
  EXPECT_EQ(hits.Find("2"), (RuleHits::Use{1, At(1)}));
}

}  // namespace
}  // namespace procwall
