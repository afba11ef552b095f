// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/mark_uses_xtables.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using UseKind = MarkUse::Kind;

std::vector<MarkUse> Uses(const std::string& rule) {
  return MarkUsesOfXtables("iptables", "*mangle\n:OUTPUT ACCEPT [0:0]\n" + rule + "\nCOMMIT\n");
}
const std::string kInPrerouting = "iptables mangle PREROUTING";

TEST(MarkUsesOfXtables, KnowsWhatWgQuickDoes) {
  EXPECT_THAT(
      Uses("-A PREROUTING -p udp -m comment --comment \"wg-quick(8) rule for wg0\" -j CONNMARK "
           "--restore-mark --nfmask 0xffffffff --ctmask 0xffffffff"),
      ElementsAre(MarkUse{UseKind::kCopies, 0xffffffff, kInPrerouting}));
  EXPECT_THAT(Uses("-A PREROUTING -p udp -m mark --mark 0xca6c -j CONNMARK --save-mark --nfmask "
                   "0xffffffff --ctmask 0xffff"),
              ElementsAre(MarkUse{UseKind::kSets, 0xffff, kInPrerouting}));
}

TEST(MarkUsesOfXtables, KnowsWhichBitsAreSet) {
  EXPECT_THAT(Uses("-A PREROUTING -j CONNMARK --set-xmark 0x10/0xff"),
              ElementsAre(MarkUse{UseKind::kSets, 0xff, kInPrerouting}));
  EXPECT_THAT(Uses("-A PREROUTING -j CONNMARK --set-xmark 0x0/0xdfffffff"),
              ElementsAre(MarkUse{UseKind::kSets, 0xdfffffff, kInPrerouting}));
  EXPECT_THAT(Uses("-A PREROUTING -j CONNMARK --or-mark 0x4"),
              ElementsAre(MarkUse{UseKind::kSets, 0x4, kInPrerouting}));
  EXPECT_THAT(Uses("-A PREROUTING -j CONNMARK --and-mark 0xfffffff0"),
              ElementsAre(MarkUse{UseKind::kSets, 0xf, kInPrerouting}));
}

TEST(MarkUsesOfXtables, KnowsWhichBitsAreLookedAt) {
  EXPECT_THAT(Uses("-A PREROUTING -m connmark --mark 0x1/0x3 -j ACCEPT"),
              ElementsAre(MarkUse{UseKind::kReads, 0x3, kInPrerouting}));
  EXPECT_THAT(Uses("-A PREROUTING -m connmark ! --mark 0x1 -j ACCEPT"),
              ElementsAre(MarkUse{UseKind::kReads, 0xffffffff, kInPrerouting}));
}

TEST(MarkUsesOfXtables, PacketsMarksAndOurOwnChainsAreNoBusinessOfIts) {
  EXPECT_THAT(Uses("-A PREROUTING -m mark --mark 0x1 -j MARK --set-xmark 0x2/0x2"), IsEmpty());
  EXPECT_THAT(Uses("-A PROCWALL-OUTPUT -m connmark --mark 0x20000000/0x20000000 -j RETURN"),
              IsEmpty());
}

TEST(MarkUsesOfXtables, WhatCannotBeReadMayBeAnyBit) {
  EXPECT_THAT(Uses("-A PREROUTING -j CONNMARK --set-xmark what/ever"),
              ElementsAre(MarkUse{UseKind::kSets, 0xffffffff, kInPrerouting}));
}

}  // namespace
}  // namespace procwall
