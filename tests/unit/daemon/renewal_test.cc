// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/renewal.h"

#include <chrono>
#include <memory>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

TEST(Renewal, CutsWhenTheRulesAreOthersAndAtNoOtherTime) {
  FakeClock clock;
  Renewal renewal(FlowMarks(), clock);
  int cuts = 0;
  renewal.AlsoCut([&] { ++cuts; });
  const auto first = std::make_shared<const RuleSet>();
  renewal.Check(first, "");
  const int at_start = cuts;
  renewal.Check(first, "");
  EXPECT_EQ(cuts, at_start);
  renewal.Check(std::make_shared<const RuleSet>(), "");
  EXPECT_EQ(cuts, at_start + 1);
}

TEST(Renewal, JudgesOnceMoreWhatWasDecidedInThatVeryMoment) {
  FakeClock clock;
  Renewal renewal(FlowMarks(), clock);
  int cuts = 0;
  renewal.AlsoCut([&] { ++cuts; });
  renewal.Check(std::make_shared<const RuleSet>(), "");
  const auto rules = std::make_shared<const RuleSet>();
  renewal.Check(rules, "");
  const int before = cuts;
  clock.Advance(StaleDecisions::kOnceMore + std::chrono::seconds(1));
  renewal.Check(rules, "");
  EXPECT_EQ(cuts, before + 1);
  clock.Advance(StaleDecisions::kOnceMore + std::chrono::seconds(1));
  renewal.Check(rules, "");
  EXPECT_EQ(cuts, before + 1);
}

// The marks themselves: lab/firewall.
TEST(Renewal, MarksGoAtOnceAndThenNowAndThenWhileRulesChangeAllTheTime) {
  FakeClock clock;
  Renewal renewal(FlowMarks(), clock);
  const auto change = [&] { renewal.Check(std::make_shared<const RuleSet>(), ""); };
  change();
  clock.Advance(Renewal::kBetweenClears);
  change();
  EXPECT_FALSE(renewal.Due()) << "the first change waits for nothing";
  const BootTime cleared = clock.Now();
  for (int i = 0; i < 5; ++i) {
    clock.Advance(std::chrono::milliseconds(10));
    change();
    EXPECT_EQ(renewal.Due(), cleared + Renewal::kBetweenClears);
  }
  clock.Advance(Renewal::kBetweenClears);
  change();
  EXPECT_FALSE(renewal.Due());
}

TEST(Renewal, ThatCutsNothingIsNoFault) {
  FakeClock clock;
  Renewal renewal(FlowMarks(), clock);
  renewal.Check(std::make_shared<const RuleSet>(), "");
  renewal.Check(std::make_shared<const RuleSet>(), "another network");
  renewal.ClearMarks(FlowMarks::Which::kAll);
}

}  // namespace
}  // namespace procwall
