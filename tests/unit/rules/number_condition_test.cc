// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/number_condition.h"

#include <limits>

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

std::vector<KeyAlternatives> WaysOf(const NumberCondition& condition) {
  std::vector<KeyAlternatives> ways;
  condition.AddKeys(0, ways);
  return ways;
}

// The subject has one of the keys.
bool CanBeFound(const NumberCondition& condition, std::int64_t number) {
  const auto ways = WaysOf(condition);
  for (const auto& keys : ways.at(0)) {
    if (NumberKey(keys.at(0).source, number) == keys.at(0)) return true;
  }
  return false;
}

TEST(NumberConditionBetween, HoldsFromTheFirstToTheLast) {
  const auto range = NumberCondition::Between(-1, 5);
  EXPECT_FALSE(range.Holds(-2));
  EXPECT_TRUE(range.Holds(-1));
  EXPECT_TRUE(range.Holds(5));
  EXPECT_FALSE(range.Holds(6));
}

TEST(NumberConditionBetween, CanBeFoundByExactlyWhatItHoldsFor) {
  for (std::int64_t first = -3; first < 20; ++first) {
    for (std::int64_t last = first; last < 20; ++last) {
      const auto range = NumberCondition::Between(first, last);
      for (std::int64_t number = -5; number < 22; ++number) {
        EXPECT_EQ(CanBeFound(range, number), range.Holds(number)) << first << "-" << last;
      }
    }
  }
}

TEST(NumberConditionBetween, NeedsFewKeys) {
  EXPECT_EQ(WaysOf(NumberCondition::Between(443, 443)).at(0).size(), 1U);
  EXPECT_EQ(WaysOf(NumberCondition::Between(1024, 65535)).at(0).size(), 6U);
  EXPECT_EQ(WaysOf(NumberCondition::Between(1, 4294967294)).at(0).size(), 62U);
}

TEST(NumberConditionBetween, CoversAllNumbers) {
  const auto all = NumberCondition::Between(kLeast, kMost);
  EXPECT_TRUE(CanBeFound(all, kLeast));
  EXPECT_TRUE(CanBeFound(all, 0));
  EXPECT_TRUE(CanBeFound(all, kMost));
}

TEST(NumberConditionOneOf, HoldsForEachOfThem) {
  const auto some = NumberCondition::OneOf({7, -1, 3});
  EXPECT_TRUE(some.Holds(-1));
  EXPECT_TRUE(some.Holds(7));
  EXPECT_FALSE(some.Holds(4));
  EXPECT_TRUE(CanBeFound(some, 3));
  EXPECT_FALSE(CanBeFound(some, 4));
}

}  // namespace
}  // namespace procwall
