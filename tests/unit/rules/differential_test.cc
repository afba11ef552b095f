// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Random rules against random subjects: however Decide() finds its answer, trying one rule after
// the other gives the same decision, the same deciding rule and the same shadows.
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "rules/rule_json.h"
#include "rules/rule_set.h"
#include "tests/unit/rules/oracle.h"
#include "tests/unit/rules/random_world.h"

namespace procwall {
namespace {

struct Tally {
  int decided = 0;
  int undecided = 0;
  int with_shadows = 0;
};

void Compare(RandomWorld& world, std::size_t rules, int packets, Tally& tally) {
  std::vector<CompiledRulePtr> compiled;
  for (std::size_t i = 0; i < rules; ++i) {
    auto rule = CompileRule(world.AnyRule());
    if (rule) compiled.push_back(std::make_shared<const CompiledRule>(*std::move(rule)));
  }
  const RuleSet set = RuleSet::Create(compiled);
  for (int i = 0; i < packets; ++i) {
    const RandomWorld::Packet packet = world.AnyPacket();
    const std::string_view package = packet.package;
    const Subject subject = world.SubjectOf(packet, &package);
    const Decision fast = set.Decide(subject);
    const Decision slow = DecideByScan(compiled, subject);
    ASSERT_EQ(fast, slow) << "index: " << (fast.rule ? ToJsonLine(*fast.rule) : "undecided")
                          << "\n scan: " << (slow.rule ? ToJsonLine(*slow.rule) : "undecided")
                          << "\npath " << packet.process.path << ", host " << packet.host;
    ++(fast.IsDecided() ? tally.decided : tally.undecided);
    tally.with_shadows += fast.shadows.empty() ? 0 : 1;
  }
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
}

TEST(RuleSetDecide, IsTheScanOnManyRules) {
  RandomWorld world(2);
  Tally tally;
  for (int round = 0; round < 60 && !HasFatalFailure(); ++round) {
    Compare(world, 50 + world.Below(250), 20, tally);
  }
  EXPECT_GT(tally.decided, 1000);
}

}  // namespace
}  // namespace procwall
