// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_hits.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

std::shared_ptr<const Rule> Named(const char* name) {
  return std::make_shared<const Rule>(Rule{.name = name});
}
constexpr WallTime At(int seconds) { return WallTime(std::chrono::seconds(seconds)); }

TEST(RuleHits, CountsAndRemembersTheLastTime) {
  RuleHits hits;
  const auto rule = Named("a");
  hits.Count(rule, At(1));
  hits.Count(rule, At(2));
  EXPECT_EQ(hits.Find("a"), (RuleHits::Use{2, At(2)}));
}

TEST(RuleHits, GoesOnCountingWhenARuleIsChanged) {
  RuleHits hits;
  hits.Count(Named("a"), At(1));
  hits.Count(Named("a"), At(2));
  EXPECT_EQ(hits.Find("a"), (RuleHits::Use{2, At(2)}));
}

TEST(RuleHits, KnowsNothingOfARuleThatWasNotUsed) {
  const RuleHits hits;
  EXPECT_EQ(hits.Find("a"), std::nullopt);
}

}  // namespace
}  // namespace procwall
