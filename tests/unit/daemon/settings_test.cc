// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/settings.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(Settings, FirewallKindsHaveTheNamesOfTheCommandLine) {
  EXPECT_STREQ(FirewallKindName(FirewallKind::kAuto), "auto");
  EXPECT_STREQ(FirewallKindName(FirewallKind::kNft), "nft");
  EXPECT_STREQ(FirewallKindName(FirewallKind::kIptablesLegacy), "iptables-legacy");
  EXPECT_STREQ(FirewallKindName(FirewallKind::kIptablesNft), "iptables-nft");
  EXPECT_STREQ(FirewallKindName(FirewallKind::kNone), "none");
}

TEST(Settings, TheBuiltInOnesAreOpenSnitchs) {
  const Settings settings;
  EXPECT_EQ(settings.default_action, RuleAction::kAllow);
  EXPECT_TRUE(settings.queue_bypass);
  EXPECT_EQ(settings.queue_number, 0);
}

}  // namespace
}  // namespace procwall
