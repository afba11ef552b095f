// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_demand.h"

#include <gtest/gtest.h>

#include "daemon/firewall_nft.h"
#include "daemon/firewall_xtables.h"

namespace procwall {
namespace {

const FirewallDemand kDemand{{{"PROCWALL-OUTPUT", 2}}, {"PROCWALL-OUTPUT"}};
const FirewallView kSeen{{{"PROCWALL-OUTPUT", {"7", "8"}}}, {"PROCWALL-OUTPUT"}};

TEST(DemandsOfXtables, CountsTheRulesOfOurChainsAndTheJumpsToThem) {
  const FirewallRules rules{.queue_number = 0, .bypass = true};
  EXPECT_EQ(
      DemandsOfXtables(XtablesScript(rules), "PROCWALL-"),
      (std::map<std::string, FirewallDemand>{{"mangle",
                                              {{{"PROCWALL-OUTPUT", 3}, {"PROCWALL-INPUT", 2}},
                                               {"PROCWALL-OUTPUT", "PROCWALL-INPUT"}}}}));
}

TEST(DemandsOfXtables, KnowsEachTable) {
  const XtablesSystem system{.chains = {{"filter", "INPUT", {"-p icmp -j ACCEPT"}}}, .refused = {}};
  const auto demands = DemandsOfXtables(XtablesScript({}, system), "PROCWALL-");
  ASSERT_TRUE(demands.contains("filter"));
  EXPECT_EQ(demands.at("filter"),
            (FirewallDemand{{{"PROCWALL-SYS-INPUT", 1}}, {"PROCWALL-SYS-INPUT"}}));
}

TEST(DemandsOfXtables, TextThatIsNoScriptDemandsNothing) {
  for (const char* text : {"", "\n\n", "-A PROCWALL-OUTPUT -j DROP\n", "*\n-A\n-A x\n"}) {
    for (const auto& [table, demand] : DemandsOfXtables(text, "PROCWALL-")) {
      EXPECT_EQ(demand, FirewallDemand{}) << text;
    }
  }
}

TEST(DemandOfNft, CountsTheRulesOfItsChains) {
  EXPECT_EQ(DemandOfNft(NftScript({.queue_number = 0, .bypass = true, .flow_mark = 0x20000000})),
            (FirewallDemand{{{"output", 4}, {"input", 2}, {"postrouting", 2}}, {}}));
}

TEST(Installed, IsWhatWasSeenWhereAllOfItStands) {
  EXPECT_EQ(Installed(kSeen, kDemand), kSeen);
  EXPECT_EQ(MissingIn(kSeen, Installed(kSeen, kDemand)), "");
}

TEST(Installed, WhatOthersHaveAddedDoesNotMatter) {
  FirewallView more = kSeen;
  more.chains["PROCWALL-SYS-OUTPUT"] = {"9"};
  more.led_to.insert("PROCWALL-SYS-OUTPUT");
  EXPECT_EQ(Installed(more, kDemand), kSeen);
}

TEST(Installed, AJumpThatWasGoneBeforeWeLookedIsMissing) {
  FirewallView seen = kSeen;
  seen.led_to.clear();
  EXPECT_EQ(MissingIn(seen, Installed(seen, kDemand)), "the jump to PROCWALL-OUTPUT");
}

TEST(Installed, RulesThatWereGoneBeforeWeLookedAreMissing) {
  FirewallView seen = kSeen;
  seen.chains["PROCWALL-OUTPUT"].pop_back();
  EXPECT_EQ(MissingIn(seen, Installed(seen, kDemand)), "the rules of PROCWALL-OUTPUT");
  EXPECT_EQ(MissingIn(kSeen, Installed(seen, kDemand)), "the rules of PROCWALL-OUTPUT");
}

TEST(Installed, OfATableThatWasFlushedAllIsMissing) {
  EXPECT_EQ(MissingIn({}, Installed({}, kDemand)),
            "the rules of PROCWALL-OUTPUT, the jump to PROCWALL-OUTPUT");
}

}  // namespace
}  // namespace procwall
