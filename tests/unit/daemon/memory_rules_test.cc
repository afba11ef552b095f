// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/memory_rules.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

Rule For(const std::string& duration, const std::string& name = "a") {
  return {.name = name, .enabled = true, .duration = duration, .op = {"simple", "true", ""}};
}

class MemoryRulesTest : public testing::Test {
 protected:
  FakeClock clock;
  MemoryRules rules{clock};
};

TEST_F(MemoryRulesTest, KeepsARuleUntilItIsRemoved) {
  ASSERT_TRUE(rules.Put(For("until restart")));
  clock.Advance(std::chrono::hours(1000));
  EXPECT_FALSE(rules.DropEnded());
  EXPECT_EQ(rules.Compiled().size(), 1U);
  EXPECT_TRUE(rules.Remove("a"));
  EXPECT_FALSE(rules.Remove("a"));
  EXPECT_EQ(rules.Find("a"), nullptr);
}

TEST_F(MemoryRulesTest, DropsARuleWhenItsTimeIsOver) {
  ASSERT_TRUE(rules.Put(For("15m")));
  clock.Advance(std::chrono::minutes(15) - std::chrono::nanoseconds(1));
  EXPECT_FALSE(rules.DropEnded());
  clock.Advance(std::chrono::nanoseconds(1));
  EXPECT_TRUE(rules.DropEnded());
  EXPECT_TRUE(rules.Compiled().empty());
}

TEST_F(MemoryRulesTest, ANewRuleTakesTheNameAndTheTimeBeginsAnew) {
  ASSERT_TRUE(rules.Put(For("15m")));
  clock.Advance(std::chrono::minutes(10));
  ASSERT_TRUE(rules.Put(For("15m")));
  clock.Advance(std::chrono::minutes(10));
  EXPECT_FALSE(rules.DropEnded());
  EXPECT_EQ(rules.Compiled().size(), 1U);
}

TEST_F(MemoryRulesTest, SaysWhyARuleCannotBeUsed) {
  Rule broken = For("until restart");
  broken.op = {"regexp", "process.path", "("};
  EXPECT_FALSE(rules.Put(broken));
  EXPECT_EQ(rules.Find("a"), nullptr);
}

TEST_F(MemoryRulesTest, IsBounded) {
  for (std::size_t i = 0; i < MemoryRules::kMaxRules; ++i) {
    ASSERT_TRUE(rules.Put(For("until restart", std::to_string(i))));
  }
  EXPECT_FALSE(rules.Put(For("until restart", "one more")));
  EXPECT_TRUE(rules.Put(For("until restart", "0")));
}

}  // namespace
}  // namespace procwall
