// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_view.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

const std::vector<XtablesChain> kStanding = {
    {"OUTPUT", {{"PROCWALL-OUTPUT", "jump"}, {"", "policy"}}},
    {"DOCKER", {{"", "other"}}},
    {"PROCWALL-OUTPUT", {{"", "queue tcp"}, {"", "queue udp"}, {"", "return"}}}};

FirewallView View(const std::vector<XtablesChain>& chains) { return ViewOf(chains, "PROCWALL-"); }

TEST(ViewOfXtables, KnowsOurChainsAndWhatLeadsToThem) {
  EXPECT_EQ(View(kStanding),
            (FirewallView{{{"PROCWALL-OUTPUT", {"queue tcp", "queue udp"}}}, {"PROCWALL-OUTPUT"}}));
}

TEST(ViewOfXtables, TheEndOfAChainIsNoRule) {
  EXPECT_EQ(View({{"PROCWALL-INPUT", {{"", "return"}}}}),
            (FirewallView{{{"PROCWALL-INPUT", {}}}, {}}));
}

TEST(ViewOfNft, KnowsThemByTheirNumbers) {
  const std::string jump = std::string("\1jump\0PROCWALL-OUTPUT\0", 22);
  EXPECT_EQ(ViewOf({{"mangle", "OUTPUT", 3, jump}, {"mangle", "PROCWALL-OUTPUT", 7, "queue"}},
                   "PROCWALL-"),
            (FirewallView{{{"PROCWALL-OUTPUT", {"7"}}}, {"PROCWALL-OUTPUT"}}));
}

TEST(ViewOfNft, AnEmptiedChainIsStillLedTo) {
  const std::string jump = std::string("\1jump\0PROCWALL-OUTPUT\0", 22);
  EXPECT_EQ(ViewOf({{"mangle", "OUTPUT", 3, jump}}, "PROCWALL-").led_to,
            (std::set<std::string>{"PROCWALL-OUTPUT"}));
}

TEST(ViewOfNft, ATableOfOurOwnIsOursWhole) {
  EXPECT_EQ(ViewOf({{"procwall", "output", 3, "x"}}, "").chains.size(), 1U);
}

TEST(MissingIn, NothingIsMissingWhereAllStands) {
  EXPECT_EQ(MissingIn(View(kStanding), View(kStanding)), "");
}

TEST(MissingIn, WhatOthersAddDoesNotMatter) {
  auto more = kStanding;
  more[0].rules.insert(more[0].rules.begin(), {"", "theirs"});
  more[2].rules.insert(more[2].rules.begin(), {"", "theirs"});
  EXPECT_EQ(MissingIn(View(more), View(kStanding)), "");
}

TEST(MissingIn, NamesAFlushedChain) {
  auto flushed = kStanding;
  flushed[2].rules = {{"", "return"}};
  EXPECT_EQ(MissingIn(View(flushed), View(kStanding)), "the rules of PROCWALL-OUTPUT");
}

TEST(MissingIn, NamesAJumpThatIsGone) {
  auto flushed = kStanding;
  flushed[0].rules = {{"", "policy"}};
  EXPECT_EQ(MissingIn(View(flushed), View(kStanding)), "the jump to PROCWALL-OUTPUT");
}

TEST(MissingIn, NamesAllOfItWhenTheTableIsEmpty) {
  EXPECT_EQ(MissingIn({}, View(kStanding)),
            "the rules of PROCWALL-OUTPUT, the jump to PROCWALL-OUTPUT");
}

}  // namespace
}  // namespace procwall
