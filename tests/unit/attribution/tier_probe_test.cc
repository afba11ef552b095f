// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/tier_probe.h"

#include <cerrno>
#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr const char* kInitialMap = "         0          0 4294967295\n";

// "runs missing ...": those of TiersOfPrivileges, in their order.
std::string States(const char* status, const char* uid_map) {
  std::string states;
  for (const Tier& tier : TiersOfPrivileges(status, uid_map)) {
    states += std::string(TierStateName(tier.state)) + " ";
  }
  return states;
}

TEST(TiersOfPrivileges, AreAllThereForRoot) {
  EXPECT_EQ(States("Name:\tx\nCapEff:\t000001ffffffffff\n", kInitialMap), "runs runs runs runs ");
}

TEST(TiersOfPrivileges, AreMissingForAnybodyElse) {
  EXPECT_EQ(States("Name:\tx\nCapEff:\t0000000000000000\n", "0 1000 1\n"),
            "missing missing missing missing ");
}

TEST(TiersOfPrivileges, TakeSysAdminForBpf) {
  EXPECT_EQ(States("Name:\tx\nCapEff:\t0000000000200000\n", kInitialMap),
            "missing missing runs runs ");
}

TEST(TiersOfPrivileges, AreNotKnownOfAProcessThatCannotBeSeen) {
  EXPECT_EQ(States("", ""), "unknown unknown unknown missing ");
}

TEST(TierOfDestroy, RunsWhereTheKernelLooksForTheSocket) {
  EXPECT_EQ(TierOfDestroy(Error{Errc::kNotFound, ENOENT, ""}).state, Tier::State::kRuns);
}

TEST(TierOfDestroy, IsMissingWhereTheKernelDoesNotKnowIt) {
  EXPECT_EQ(TierOfDestroy(Error{Errc::kUnsupported, EOPNOTSUPP, ""}).state, Tier::State::kMissing);
}

TEST(TierOfDestroy, IsNotKnownToWhoMayNotAsk) {
  EXPECT_EQ(TierOfDestroy(Error{Errc::kPermission, EPERM, ""}).state, Tier::State::kUnknown);
}

TEST(TierOfConnector, RunsWhereItIsListed) {
  const Result<std::string> listed(std::string("Name            ID\ncn_proc         1:1\n"));
  EXPECT_EQ(TierOfConnector({}, listed).state, Tier::State::kRuns);
  EXPECT_EQ(TierOfConnector({}, Result<std::string>(std::string("Name ID\n"))).state,
            Tier::State::kMissing);
  EXPECT_EQ(TierOfConnector(Error{Errc::kUnsupported, 0, ""}, listed).state, Tier::State::kMissing);
}

TEST(ProbeTiers, SaysWhyForWhateverDoesNotRun) {
  for (const Tier& tier : ProbeTiers(0)) {
    EXPECT_EQ(tier.state == Tier::State::kRuns, tier.why_not.empty()) << tier.name;
    EXPECT_FALSE(tier.purpose.empty()) << tier.name;
  }
}

}  // namespace
}  // namespace procwall
