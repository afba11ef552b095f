// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(RuleAction, IsReadBackFromItsName) {
  for (const auto action : {RuleAction::kAllow, RuleAction::kDeny, RuleAction::kReject}) {
    EXPECT_EQ(ParseRuleAction(RuleActionName(action)), action);
  }
}

TEST(ParseRuleAction, TakesNothingButTheExactNames) {
  for (const char* text : {"", "Allow", "drop", "allow "}) {
    EXPECT_EQ(ParseRuleAction(text), std::nullopt) << text;
  }
}

TEST(EndsTheSearch, IsWhatRefusalsDoAndAllowsOnlyWithPrecedence) {
  EXPECT_TRUE(EndsTheSearch({.action = RuleAction::kDeny}));
  EXPECT_TRUE(EndsTheSearch({.action = RuleAction::kReject}));
  EXPECT_TRUE(EndsTheSearch({.precedence = true, .action = RuleAction::kAllow}));
  EXPECT_FALSE(EndsTheSearch({.action = RuleAction::kAllow}));
}

}  // namespace
}  // namespace procwall
