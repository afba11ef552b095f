// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_explanation.h"

#include <gtest/gtest.h>

#include "rules/situation.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

class ExplainDecisionTest : public testing::Test {
 protected:
  void Add(std::string name, RuleAction action) {
    Rule rule{.name = std::move(name), .enabled = true, .action = action, .op = Is("true", "")};
    rules_.push_back(std::make_shared<const Rule>(std::move(rule)));
  }
  template <typename Change>
  void Add(std::string name, RuleAction action, const Change& change) {
    Rule rule{.name = std::move(name), .enabled = true, .action = action, .op = Is("true", "")};
    change(rule);
    rules_.push_back(std::make_shared<const Rule>(std::move(rule)));
  }
  std::vector<MatchRole> Explained() const {
    Situation situation;
    situation.connection = ToExample();
    std::vector<MatchRole> roles;
    for (const auto& matching : ExplainDecision(rules_, situation.AsSentBy(nullptr))) {
      roles.push_back(matching.role);
    }
    return roles;
  }

  std::vector<std::shared_ptr<const Rule>> rules_;
};
using Roles = std::vector<MatchRole>;

TEST_F(ExplainDecisionTest, LetsALaterDenyOverruleAnAllow) {
  Add("b", RuleAction::kDeny);
  Add("a", RuleAction::kAllow);
  Add("c", RuleAction::kAllow);
  EXPECT_EQ(Explained(),
            (Roles{MatchRole::kOverruled, MatchRole::kDecides, MatchRole::kNotReached}));
}

TEST_F(ExplainDecisionTest, LetsTheLastAllowDecide) {
  Add("a", RuleAction::kAllow);
  Add("b", RuleAction::kAllow);
  EXPECT_EQ(Explained(), (Roles{MatchRole::kSuperseded, MatchRole::kDecides}));
}

TEST_F(ExplainDecisionTest, EndsAtPrecedence) {
  Add("a", RuleAction::kAllow, [](Rule& rule) { rule.precedence = true; });
  Add("b", RuleAction::kDeny);
  EXPECT_EQ(Explained(), (Roles{MatchRole::kDecides, MatchRole::kNotReached}));
}

TEST_F(ExplainDecisionTest, TellsOfRulesThatDoNotCount) {
  Add("a", RuleAction::kDeny, [](Rule& rule) { rule.enabled = false; });
  Add("b", RuleAction::kDeny, [](Rule& rule) { rule.enforce = false; });
  Add("c", RuleAction::kDeny, [](Rule& rule) { rule.op = Is("dest.port", "80"); });
  EXPECT_EQ(Explained(), (Roles{MatchRole::kDisabled, MatchRole::kNotEnforced}));
}

}  // namespace
}  // namespace procwall
