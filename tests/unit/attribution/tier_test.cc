// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/tier.h"

#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "attribution/tier_probe.h"

namespace procwall {
namespace {

TEST(TierNeeds, SayForEachWhatIsLostAndWhatHelps) {
  std::set<std::string_view> names;
  for (const TierNeed& need : TierNeeds()) {
    EXPECT_TRUE(names.insert(need.tier).second) << need.tier << " twice";
    EXPECT_FALSE(need.cases.empty()) << need.tier;
    EXPECT_FALSE(need.advice.empty()) << need.tier;
    EXPECT_FALSE(need.cases.ends_with('.') || need.advice.ends_with('.')) << need.tier;
  }
}

TEST(TierNeeds, AreCoveredByTiersThatExist) {
  for (const TierNeed& need : TierNeeds()) {
    EXPECT_TRUE(need.covered_by.empty() || FindTierNeed(need.covered_by)) << need.tier;
    EXPECT_NE(need.covered_by, need.tier);
  }
}

TEST(TierNeeds, KnowEveryTierThatIsProbed) {
  for (const Tier& tier : ProbeTiers(0)) EXPECT_TRUE(FindTierNeed(tier.name)) << tier.name;
}

TEST(TierNeeds, KnowEveryPartOfTheWitness) {
  for (const char* part : {"exec", "fork", "exit", "socket-create", "connect4", "connect6",
                           "tcp-connect", "send4", "send6", "packets", "scan"}) {
    EXPECT_TRUE(FindTierNeed(std::string("witness ") + part)) << part;
  }
}

// docs/ATTRIBUTION.md says why.
TEST(TierNeeds, SayWhichKernelThePartsOfTheWitnessNeed) {
  for (const auto& [part, kernel] :
       {std::pair{"exec", "5.17"}, std::pair{"socket-create", "5.15"},
        std::pair{"connect4", "5.15"}, std::pair{"connect6", "5.15"},
        std::pair{"tcp-connect", "5.15"}, std::pair{"send4", "5.15"}, std::pair{"send6", "5.15"},
        std::pair{"packets", "6.4"}, std::pair{"scan", "5.12"}}) {
    const TierNeed* const need = FindTierNeed(std::string("witness ") + part);
    ASSERT_TRUE(need) << part;
    EXPECT_NE(need->advice.find(std::string(kernel) + " on"), std::string_view::npos) << part;
  }
}

TEST(FindTierNeed, KnowsNoTierOfAnotherName) { EXPECT_EQ(FindTierNeed("x"), nullptr); }

TEST(TierState, HasAName) {
  EXPECT_STREQ(TierStateName(Tier::State::kRuns), "runs");
  EXPECT_STREQ(TierStateName(Tier::State::kMissing), "missing");
  EXPECT_STREQ(TierStateName(Tier::State::kUnknown), "unknown");
}

}  // namespace
}  // namespace procwall
