// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_lint.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

class LintRulesTest : public testing::Test {
 protected:
  void Add(std::string name, RuleAction action, Operator op, bool precedence = false) {
    rules_.push_back({.name = std::move(name),
                      .enabled = true,
                      .precedence = precedence,
                      .action = action,
                      .op = std::move(op)});
  }
  // "rule: kind" of each finding.
  std::vector<std::string> Found() const {
    std::vector<std::string> found;
    for (const LintFinding& finding : LintRules(rules_, world_)) {
      found.push_back(finding.rule + ": " + LintKindName(finding.kind));
    }
    return found;
  }

  LintWorld world_{.exists = [](const std::string& path) { return path != "/gone"; }};
  std::vector<Rule> rules_;
};
using Remarks = std::vector<std::string>;

Operator CurlTo(std::string port) {
  return AllOf({Is("process.path", "/usr/bin/curl"), Is("dest.port", std::move(port))});
}

TEST_F(LintRulesTest, FindsNothingInGoodRules) {
  Add("a", RuleAction::kAllow, CurlTo("443"));
  Add("b", RuleAction::kDeny, CurlTo("80"));
  EXPECT_EQ(Found(), Remarks{});
}

TEST_F(LintRulesTest, FindsADenyThatAnotherHides) {
  Add("a", RuleAction::kDeny, Is("process.path", "/usr/bin/curl"));
  Add("b", RuleAction::kDeny, CurlTo("80"));
  EXPECT_EQ(Found(), Remarks{"b: shadowed"});
}

TEST_F(LintRulesTest, FindsAnAllowThatALaterDenyOverrules) {
  Add("a", RuleAction::kAllow, CurlTo("80"));
  Add("b", RuleAction::kDeny, Is("process.path", "/usr/bin/curl"));
  EXPECT_EQ(Found(), Remarks{"a: contradicting"});
}

TEST_F(LintRulesTest, FindsADenyBehindAnAllowWithPrecedence) {
  Add("a", RuleAction::kAllow, Is("process.path", "/usr/bin/curl"), true);
  Add("b", RuleAction::kDeny, CurlTo("80"));
  EXPECT_EQ(Found(), Remarks{"b: contradicting"});
}

TEST_F(LintRulesTest, FindsOneOfTwoEqualAllows) {
  Add("a", RuleAction::kAllow, CurlTo("80"));
  Add("b", RuleAction::kAllow, CurlTo("80"));
  EXPECT_EQ(Found(), Remarks{"b: shadowed"});
}

TEST_F(LintRulesTest, FindsWhatNothingCanMatch) {
  Add("a", RuleAction::kDeny, Is("dest.port", "http"));
  Add("b", RuleAction::kDeny, AllOf({Is("dest.port", "80"), Is("dest.port", "81")}));
  EXPECT_EQ(Found(), (Remarks{"a: unreachable", "b: unreachable"}));
}

TEST_F(LintRulesTest, TakesTwoTimesOfOneRuleForPossible) {
  Add("a", RuleAction::kDeny, AllOf({Is("time", "Mon-Fri"), Is("time", "08:00-18:00")}));
  EXPECT_EQ(Found(), Remarks{});
}

TEST_F(LintRulesTest, FindsAllowsThatAreTooBroad) {
  Add("a", RuleAction::kAllow, Is("dest.port", "443"));
  Add("b", RuleAction::kAllow, Like("dest.host", "example\\.net"));
  Add("c", RuleAction::kAllow, Like("process.path", "curl$"));
  EXPECT_EQ(Found(), (Remarks{"a: too-broad", "b: too-broad", "c: too-broad"}));
}

TEST_F(LintRulesTest, FindsAnAllowForEverything) {
  Add("a", RuleAction::kAllow, Like("process.path", ".*"));
  EXPECT_EQ(Found(), Remarks{"a: too-broad"});
}

TEST_F(LintRulesTest, FindsWhatAProgramCanMakeUp) {
  Add("a", RuleAction::kAllow, Is("process.command", "curl"));
  Add("b", RuleAction::kAllow, Is("process.env.HOME", "/root"));
  Add("c", RuleAction::kAllow, Is("process.path", "/tmp/x"));
  Add("d", RuleAction::kDeny, Is("process.command", "wget"));
  Add("e", RuleAction::kAllow, Is("dest.sni", "example.net"));
  EXPECT_EQ(Found(), (Remarks{"a: spoofable", "b: spoofable", "c: spoofable", "e: spoofable"}));
}

TEST_F(LintRulesTest, FindsProgramsThatAreNotThere) {
  Add("a", RuleAction::kDeny, Is("process.path", "/gone"));
  EXPECT_EQ(Found(), Remarks{"a: missing-path"});
}

TEST_F(LintRulesTest, FindsWhatWasNeverUsedIfSomebodyCounted) {
  Add("a", RuleAction::kAllow, CurlTo("80"));
  Add("b", RuleAction::kAllow, CurlTo("443"));
  world_.hits = {{"b", 3}};
  EXPECT_EQ(Found(), Remarks{"a: never-used"});
}

TEST_F(LintRulesTest, PassesOverDisabledRules) {
  Add("a", RuleAction::kAllow, Is("true", ""));
  rules_.back().enabled = false;
  EXPECT_EQ(Found(), Remarks{});
}

}  // namespace
}  // namespace procwall
