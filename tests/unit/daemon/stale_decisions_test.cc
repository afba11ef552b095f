// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/stale_decisions.h"

#include <chrono>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

using namespace std::chrono_literals;

class StaleDecisionsTest : public testing::Test {
 protected:
  static std::shared_ptr<const RuleSet> Rules() { return std::make_shared<const RuleSet>(); }
  static std::shared_ptr<const RuleSet> RulesOfTheDay() {
    const Rule rule{.name = "day",
                    .enabled = true,
                    .action = RuleAction::kAllow,
                    .op = {.type = "simple", .operand = "time", .data = "08:00-18:00"}};
    std::vector<RuleError> errors;
    auto rules = RuleSet::Compile({std::make_shared<const Rule>(rule)}, &errors);
    EXPECT_TRUE(errors.empty());
    return std::make_shared<const RuleSet>(std::move(rules));
  }

  FakeClock clock_;
  StaleDecisions stale_{clock_};
};

TEST_F(StaleDecisionsTest, NothingIsStaleWhileTheRulesAreTheSame) {
  const auto rules = Rules();
  EXPECT_FALSE(stale_.Check(rules));
  clock_.Advance(10min);
  EXPECT_FALSE(stale_.Check(rules));
}

TEST_F(StaleDecisionsTest, EverythingIsInAnotherNetworkIfRulesAskForIt) {
  const Rule rule{.name = "home",
                  .enabled = true,
                  .action = RuleAction::kAllow,
                  .op = {.type = "simple", .operand = "network.profile", .data = "home"}};
  const auto rules = std::make_shared<const RuleSet>(
      RuleSet::Compile({std::make_shared<const Rule>(rule)}, nullptr));
  EXPECT_FALSE(stale_.Check(rules, "home"));
  EXPECT_FALSE(stale_.Check(rules, "home"));
  EXPECT_TRUE(stale_.Check(rules, "other"));
  clock_.Advance(StaleDecisions::kOnceMore);
  EXPECT_TRUE(stale_.Check(rules, "other"));
  EXPECT_FALSE(stale_.Check(rules, "other"));
}

TEST_F(StaleDecisionsTest, AnotherNetworkIsNothingToRulesThatDoNotAsk) {
  const auto rules = Rules();
  EXPECT_FALSE(stale_.Check(rules, "home"));
  EXPECT_FALSE(stale_.Check(rules, "other"));
}

TEST_F(StaleDecisionsTest, EverythingIsWhenTheRulesAreOthersAndOnceMoreLater) {
  EXPECT_FALSE(stale_.Check(Rules()));
  const auto rules = Rules();
  EXPECT_TRUE(stale_.Check(rules));
  EXPECT_FALSE(stale_.Check(rules));
  clock_.Advance(StaleDecisions::kOnceMore);
  EXPECT_TRUE(stale_.Check(rules));
  clock_.Advance(StaleDecisions::kOnceMore);
  EXPECT_FALSE(stale_.Check(rules));
}

TEST_F(StaleDecisionsTest, EverythingIsEveryMinuteWhileARuleHoldsAtTimesOfTheDay) {
  const auto rules = RulesOfTheDay();
  EXPECT_FALSE(stale_.Check(rules));
  EXPECT_FALSE(stale_.Check(rules));
  clock_.Advance(1min);
  EXPECT_TRUE(stale_.Check(rules));
  EXPECT_FALSE(stale_.Check(rules));
}

}  // namespace
}  // namespace procwall
