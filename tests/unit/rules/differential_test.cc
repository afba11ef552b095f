// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Random rules against random subjects: however Decide() finds its answer, trying one rule after
// the other gives the same decision, the same deciding rule and the same shadows.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "rules/operand.h"
#include "rules/operator_type.h"
#include "rules/rule_json.h"
#include "rules/rule_set.h"
#include "tests/unit/rules/oracle.h"
#include "tests/unit/rules/random_world.h"

namespace procwall {
namespace {

// How often what happened: a run that never asked the hard questions proves nothing.
struct Tally {
  int decided = 0;
  int undecided = 0;
  int with_shadows = 0;
  int with_several = 0;  // several rules matched
  int of_one_name = 0;   // rules whose name another one took
  // Of rules that are one condition only, by their operand and by their type; lists by their type.
  std::map<std::string_view, int> decided_on;
  std::map<std::string_view, int> matched_on;
  std::map<std::string_view, int> missed_on;
  std::map<std::string, int> decided_by_type;
};

std::string_view OperandOf(const Operator& op) { return FindOperand(op.operand).value()->name; }

std::vector<CompiledRulePtr> AnyRules(RandomWorld& world, std::size_t count, Tally& tally) {
  std::vector<CompiledRulePtr> compiled;
  std::set<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    auto rule = CompileRule(world.AnyRule(), world.Referred());
    if (!rule) continue;
    if (!names.insert(rule->rule->name).second) ++tally.of_one_name;
    compiled.push_back(std::make_shared<const CompiledRule>(*std::move(rule)));
  }
  return compiled;
}

void Count(const std::vector<CompiledRulePtr>& rules, const Subject& subject,
           const Decision& decision, Tally& tally) {
  ++(decision.IsDecided() ? tally.decided : tally.undecided);
  tally.with_shadows += decision.shadows.empty() ? 0 : 1;
  if (decision.IsDecided()) {
    const Operator& op = decision.rule->op;
    if (op.type != "list") ++tally.decided_on[OperandOf(op)];
    ++tally.decided_by_type[op.type];
  }
  const Facts facts(subject);
  for (const CompiledRulePtr& rule : rules) {
    const Operator& op = rule->rule->op;
    if (!rule->condition || op.type == "list") continue;
    ++(rule->condition->Matches(facts) ? tally.matched_on : tally.missed_on)[OperandOf(op)];
  }
}

void Compare(RandomWorld& world, std::size_t count, int packets, Tally& tally) {
  const std::vector<CompiledRulePtr> rules = AnyRules(world, count, tally);
  const RuleSet set = RuleSet::Create(rules);
  for (int i = 0; i < packets; ++i) {
    const RandomWorld::Packet packet = world.AnyPacket();
    const std::string_view package = packet.package;
    const Subject subject = world.SubjectOf(packet, &package);
    const Decision fast = set.Decide(subject);
    const auto matching = MatchingByScan(rules, subject);
    const Decision slow = DecideAmong(matching);
    ASSERT_EQ(fast, slow) << "index: " << (fast.rule ? ToJsonLine(*fast.rule) : "undecided")
                          << "\n scan: " << (slow.rule ? ToJsonLine(*slow.rule) : "undecided")
                          << "\npath " << packet.process.path << ", host " << packet.host;
    ASSERT_EQ(set.Matching(subject), matching);
    tally.with_several += matching.size() > 1 ? 1 : 0;
    Count(rules, subject, fast, tally);
  }
}

// Every operand had rules that matched, and, but for true, such as did not.
void ExpectEverythingWasAsked(Tally& tally) {
  for (const Operand& operand : AllOperands()) {
    EXPECT_GT(tally.matched_on[operand.name], 0) << operand.name;
    if (operand.name == "true") continue;
    EXPECT_GT(tally.missed_on[operand.name], 0) << operand.name;
  }
}

// Every operand and every type decided all by itself.
void ExpectEverythingDecided(Tally& tally) {
  for (const Operand& operand : AllOperands()) {
    EXPECT_GT(tally.decided_on[operand.name], 0) << operand.name;
  }
  for (const OperatorType& type : AllOperatorTypes()) {
    EXPECT_GT(tally.decided_by_type[std::string(type.name)], 0) << type.name;
  }
  EXPECT_GT(tally.decided_by_type["list"], 0);
}

TEST(RuleSetDecide, IsTheScanOnFewRules) {
  RandomWorld world(1);
  Tally tally;
  for (int round = 0; round < 1500 && !HasFatalFailure(); ++round) {
    Compare(world, world.Below(6), 4, tally);
  }
  EXPECT_GT(tally.decided, 500);
  EXPECT_GT(tally.undecided, 500);
  EXPECT_GT(tally.with_shadows, 100);
  EXPECT_GT(tally.with_several, 100);
  ExpectEverythingWasAsked(tally);
  ExpectEverythingDecided(tally);
}

TEST(RuleSetDecide, IsTheScanOnManyRules) {
  RandomWorld world(2);
  Tally tally;
  for (int round = 0; round < 60 && !HasFatalFailure(); ++round) {
    Compare(world, 50 + world.Below(250), 15, tally);
  }
  EXPECT_GT(tally.decided, 800);
  EXPECT_GT(tally.with_several, 500);
  EXPECT_GT(tally.of_one_name, 500);
  ExpectEverythingWasAsked(tally);
}

}  // namespace
}  // namespace procwall
