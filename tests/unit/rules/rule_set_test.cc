// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_set.h"

#include <thread>

#include <gtest/gtest.h>

#include "tests/unit/rules/oracle.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

constexpr auto kAllow = RuleAction::kAllow;
constexpr auto kDeny = RuleAction::kDeny;
constexpr auto kReject = RuleAction::kReject;

std::shared_ptr<const Rule> Changed(const std::shared_ptr<const Rule>& rule, auto change) {
  Rule changed = *rule;
  change(changed);
  return std::make_shared<const Rule>(std::move(changed));
}

std::string Decided(std::vector<std::shared_ptr<const Rule>> rules) {
  const Process process = Curl();
  const Connection connection = ToExample();
  const Decision decision =
      RuleSet::Compile(std::move(rules), nullptr).Decide({&connection, &process, "example.net"});
  return decision.IsDecided() ? decision.rule->name : "undecided";
}

std::shared_ptr<const Rule> Matching(std::string name, RuleAction action) {
  return MakeRule(std::move(name), action, Is("dest.port", "443"));
}
std::shared_ptr<const Rule> Other(std::string name, RuleAction action) {
  return MakeRule(std::move(name), action, Is("dest.port", "80"));
}
std::shared_ptr<const Rule> First(std::string name, RuleAction action) {
  return Changed(Matching(std::move(name), action), [](Rule& rule) { rule.precedence = true; });
}

TEST(RuleSet, LeavesUndecidedWhatNoRuleMatches) {
  EXPECT_EQ(Decided({}), "undecided");
  EXPECT_EQ(Decided({Other("a", kDeny)}), "undecided");
}

TEST(RuleSet, LetsDenyBeatAllowWhateverTheOrder) {
  EXPECT_EQ(Decided({Matching("a", kAllow), Matching("b", kDeny)}), "b");
  EXPECT_EQ(Decided({Matching("b", kAllow), Matching("a", kReject)}), "a");
}

TEST(RuleSet, TakesTheFirstOfSeveralDenies) {
  EXPECT_EQ(Decided({Matching("b", kReject), Matching("a", kDeny)}), "a");
}

TEST(RuleSet, TakesTheLastOfSeveralAllows) {
  EXPECT_EQ(Decided({Matching("b", kAllow), Matching("a", kAllow), Other("c", kAllow)}), "b");
}

TEST(RuleSet, LetsPrecedenceBeatAllThatComesAfterIt) {
  EXPECT_EQ(Decided({First("b", kAllow), Matching("c", kDeny)}), "b");
  EXPECT_EQ(Decided({First("b", kAllow), Matching("a", kDeny)}), "a");
}

TEST(RuleSet, SortsNamesByTheirBytes) {
  EXPECT_EQ(Decided({First("a", kAllow), First("Z", kAllow)}), "Z");
  EXPECT_EQ(Decided({First("9", kAllow), First("10", kAllow)}), "10");
  EXPECT_EQ(Decided({First("\u00e9", kAllow), First("z", kAllow)}), "z");
}

TEST(RuleSet, PassesOverDisabledRules) {
  const auto disabled = Changed(Matching("a", kDeny), [](Rule& rule) { rule.enabled = false; });
  EXPECT_EQ(Decided({disabled}), "undecided");
}

TEST(RuleSet, TakesTheLaterOfTwoRulesWithOneName) {
  EXPECT_EQ(Decided({Matching("a", kDeny), Other("a", kDeny)}), "undecided");
  const auto disabled = Changed(Matching("a", kDeny), [](Rule& rule) { rule.enabled = false; });
  EXPECT_EQ(Decided({Matching("a", kDeny), disabled}), "undecided");
}

TEST(RuleSet, DoesNotLetARuleThatDoesNotCompileHideAnother) {
  EXPECT_EQ(Decided({Matching("a", kDeny), MakeRule("a", kAllow, {})}), "a");
}

TEST(RuleSetCompile, LeavesOutAndNamesWhatDoesNotCompile) {
  std::vector<RuleError> errors;
  const RuleSet set = RuleSet::Compile(
      {MakeRule("bad\x1b", kDeny, Like("dest.host", "(")), Matching("good", kDeny)}, &errors);
  EXPECT_EQ(set.Size(), 1U);
  EXPECT_EQ(
      errors,
      std::vector{(RuleError{
          "", 0, 0, R"(rule "bad\x1b": operator.data: not a regular expression: missing ): ()"})});
}

TEST(RuleSetCompile, DoesNotCompileDisabledRules) {
  std::vector<RuleError> errors;
  const auto disabled = Changed(MakeRule("a", kDeny, Like("dest.host", "(")),
                                [](Rule& rule) { rule.enabled = false; });
  EXPECT_EQ(RuleSet::Compile({disabled}, &errors).Size(), 0U);
  EXPECT_TRUE(errors.empty());
}

TEST(RuleSet, NeedsWhatItsRulesRead) {
  EXPECT_EQ(RuleSet().Needs(), FactsNeeded{});
  EXPECT_EQ(RuleSet::Compile({Matching("a", kDeny)}, nullptr).Needs(), FactsNeeded{});
  EXPECT_EQ(
      RuleSet::Compile({Matching("a", kDeny), MakeRule("b", kDeny, Is("dest.host", "x"))}, nullptr)
          .Needs(),
      FactsNeeded{.host = true});
}

TEST(RuleSet, JudgesAnUnknownProgram) {
  const Connection connection = ToExample();
  const RuleSet set =
      RuleSet::Compile({MakeRule("all", kDeny, Like("process.path", ".*")),
                        MakeRule("curl", kAllow, Is("process.path", "/usr/bin/curl"))},
                       nullptr);
  EXPECT_EQ(set.Decide({&connection, nullptr, ""}).rule->name, "all");
}

TEST(RuleSet, DecidesOnSeveralThreadsAtOnce) {
  const RuleSet set =
      RuleSet::Compile({MakeRule("a", kDeny, Like("process.path", "^/usr/b.n/c"))}, nullptr);
  const auto judge = [&] {
    const Process process = Curl();
    const Connection connection = ToExample();
    for (int i = 0; i < 1000; ++i) {
      EXPECT_TRUE(set.Decide({&connection, &process, ""}).IsDecided());
    }
  };
  std::thread other(judge);
  judge();
  other.join();
}

std::shared_ptr<const Rule> Shadow(const std::shared_ptr<const Rule>& rule) {
  return Changed(rule, [](Rule& changed) { changed.enforce = false; });
}

// "deciding: shadow shadow"
std::string Told(std::vector<std::shared_ptr<const Rule>> rules) {
  const Process process = Curl();
  const Connection connection = ToExample();
  const Decision decision =
      RuleSet::Compile(std::move(rules), nullptr).Decide({&connection, &process, "example.net"});
  std::string text = (decision.IsDecided() ? decision.rule->name : "undecided") + ":";
  for (const auto& shadow : decision.shadows) text += " " + shadow->name;
  return text;
}

TEST(RuleSet, OnlyTellsWhichShadowsWouldHaveDecided) {
  EXPECT_EQ(Told({Shadow(Matching("a", kDeny))}), "undecided: a");
  EXPECT_EQ(Told({Shadow(Matching("a", kDeny)), Matching("b", kAllow)}), "b: a");
  EXPECT_EQ(Told({Matching("a", kAllow), Shadow(Matching("b", kAllow))}), "a: b");
  EXPECT_EQ(Told({Shadow(Other("a", kDeny)), Matching("b", kAllow)}), "b:");
}

TEST(RuleSet, DoesNotTellOfShadowsThatAnotherRuleBeats) {
  EXPECT_EQ(Told({Matching("a", kDeny), Shadow(Matching("b", kReject))}), "a:");
  EXPECT_EQ(Told({Shadow(Matching("a", kAllow)), Matching("b", kAllow)}), "b:");
  EXPECT_EQ(Told({Matching("a", kDeny), Shadow(Matching("b", kAllow))}), "a:");
}

TEST(RuleSet, TellsOfAFewShadowsOnly) {
  std::vector<std::shared_ptr<const Rule>> rules;
  for (char name = 'a'; name <= 'z'; ++name) {
    rules.push_back(Shadow(Matching(std::string(1, name), kDeny)));
  }
  EXPECT_EQ(Told(rules), "undecided: a b c d e f g h");
}

TEST(RuleSet, NamesEveryRuleThatMatchesInOrder) {
  const RuleSet set = RuleSet::Compile({Matching("c", kAllow), Matching("a", kDeny),
                                        Shadow(Matching("b", kDeny)), Matching("d", kAllow)},
                                       nullptr);
  const Connection connection = ToExample();
  std::string names;
  for (const auto& rule : set.Matching({&connection, nullptr, ""})) names += rule->name;
  EXPECT_EQ(names, "abcd");
}

TEST(RuleSet, AnotherCanBeMadeOfItsRules) {
  const auto off = Changed(Matching("c", kDeny), [](Rule& rule) { rule.enabled = false; });
  const RuleSet set = RuleSet::Compile({Matching("a", kAllow), Matching("b", kDeny), off}, nullptr);
  std::vector<CompiledRulePtr> rules = set.Rules();
  ASSERT_EQ(rules.size(), 2U);
  std::erase_if(rules, [](const CompiledRulePtr& rule) { return rule->rule->name == "b"; });
  const Connection connection = ToExample();
  const Process process = Curl();
  const RuleSet without = RuleSet::Create(std::move(rules));
  const Decision decision = without.Decide({&connection, &process, "example.net"});
  ASSERT_TRUE(decision.IsDecided());
  EXPECT_EQ(decision.rule->name, "a");
}

TEST(RuleSet, PassesOverRulesThatHaveEnded) {
  const auto brief = Changed(Matching("a", kDeny), [](Rule& rule) { rule.duration = "10s"; });
  const BootTime start{std::chrono::hours(1)};
  const RuleSet set = RuleSet::Compile({brief}, nullptr, {}, start);
  EXPECT_EQ(set.NextExpiry(), start + std::chrono::seconds(10));
  const Connection connection = ToExample();
  Subject subject{&connection, nullptr, ""};
  subject.boot_now = start + std::chrono::nanoseconds(9999999999);
  EXPECT_TRUE(set.Decide(subject).IsDecided());
  subject.boot_now = start + std::chrono::seconds(10);
  EXPECT_FALSE(set.Decide(subject).IsDecided());
}

TEST(RuleSetCompile, TakesNoRuleThatHoldsOnce) {
  std::vector<RuleError> errors;
  const auto once = Changed(Matching("a", kAllow), [](Rule& rule) { rule.duration = "once"; });
  EXPECT_EQ(RuleSet::Compile({once}, &errors).Size(), 0U);
  EXPECT_EQ(errors.at(0).reason, R"(rule "a": duration: it holds once)");
}

TEST(CheckRule, TellsWhyARuleDoesNotCompile) {
  EXPECT_EQ(CheckRule(*Matching("a", kDeny)), std::nullopt);
  EXPECT_EQ(CheckRule(*MakeRule("a", kDeny, AllOf({})))->reason,
            R"(rule "a": operator: an empty list would match everything)");
}

}  // namespace
}  // namespace procwall
