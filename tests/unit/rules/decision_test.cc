// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/decision.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

Decision Of(RuleAction action) { return {MakeRule("r", action, Is("true", ""))}; }

TEST(Strictest, PrefersAnyDenyToUndecidedAndUndecidedToAllow) {
  const Decision allow = Of(RuleAction::kAllow);
  const Decision deny = Of(RuleAction::kDeny);
  const Decision reject = Of(RuleAction::kReject);
  const Decision undecided;
  EXPECT_EQ(Strictest(std::vector{allow, undecided, deny}), deny);
  EXPECT_EQ(Strictest(std::vector{reject, allow, undecided}), reject);
  EXPECT_EQ(Strictest(std::vector{allow, undecided, allow}), undecided);
}

TEST(Strictest, KeepsTheFirstAmongEquals) {
  const Decision deny = Of(RuleAction::kDeny);
  const Decision reject = Of(RuleAction::kReject);
  const Decision allow = Of(RuleAction::kAllow);
  const Decision other = Of(RuleAction::kAllow);
  EXPECT_EQ(Strictest(std::vector{deny, reject}), deny);
  EXPECT_EQ(Strictest(std::vector{reject, deny}), reject);
  EXPECT_EQ(Strictest(std::vector{allow, other}), allow);
}

TEST(Strictest, OfNothingIsUndecided) { EXPECT_EQ(Strictest({}), Decision{}); }

}  // namespace
}  // namespace procwall
