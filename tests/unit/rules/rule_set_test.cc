// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_set.h"

#include <array>
#include <random>
#include <thread>

#include <gtest/gtest.h>

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

// Random rules against random subjects: however Decide() finds its answer, the scan agrees.
TEST(RuleSet, DecidesAsTheScanDoes) {
  std::minstd_rand random(7);
  const auto any = [&](auto... choices) {
    const std::array<std::common_type_t<decltype(choices)...>, sizeof...(choices)> all{choices...};
    return all[random() % sizeof...(choices)];
  };
  const auto condition = [&]() -> Operator {
    switch (random() % 7) {
      case 0:
        return Is("process.path", any("/usr/bin/curl", "/USR/bin/curl", "/bin/x", ""));
      case 1:
        return Is("dest.port", any("443", "80", "0443"));
      case 2:
        return Is("dest.ip", any("203.0.113.9", "2001:db8::1", "x"));
      case 3:
        return Within("dest.network", any("203.0.113.0/24", "0.0.0.0/0", "::/0"));
      case 4:
        return Like("dest.host", any("net$", "^$", "."));
      case 5:
        return Is("user.id", any("1000", "-1", "0"));
      default:
        return Is("true", "");
    }
  };
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::shared_ptr<const Rule>> rules;
    for (auto n = random() % 8; n > 0; --n) {
      Operator op = random() % 3 == 0 ? AllOf({condition(), condition()}) : condition();
      op.sensitive = random() % 2 == 0;
      rules.push_back(Changed(
          MakeRule(std::string(1, any('a', 'b', 'c', 'd', 'e')), any(kAllow, kDeny, kReject), op),
          [&](Rule& rule) { rule.precedence = random() % 4 == 0; }));
    }
    const RuleSet set = RuleSet::Compile(rules, nullptr);
    Process process = Curl();
    Connection connection = ToExample();
    process.path = any("/usr/bin/curl", "/bin/x", "");
    connection.remote.address = Ip(any("203.0.113.9", "2001:db8::1"));
    const Subject subject{&connection, random() % 4 == 0 ? nullptr : &process,
                          any("", "example.net")};
    EXPECT_EQ(set.Decide(subject), set.DecideByScan(subject));
  }
}

TEST(CheckRule, TellsWhyARuleDoesNotCompile) {
  EXPECT_EQ(CheckRule(*Matching("a", kDeny)), std::nullopt);
  EXPECT_EQ(CheckRule(*MakeRule("a", kDeny, AllOf({})))->reason,
            R"(rule "a": operator: an empty list would match everything)");
}

}  // namespace
}  // namespace procwall
