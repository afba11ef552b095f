// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/capabilities.h"

#include <linux/capability.h>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(ParseEffectiveCapabilities, ReadsTheSetInEffect) {
  const auto set = ParseEffectiveCapabilities(
      "Name:\tx\nCapPrm:\tffff\nCapEff:\t0000000000001000\nSeccomp:\t0\n");
  ASSERT_TRUE(set);
  EXPECT_TRUE(set->Has(CAP_NET_ADMIN));
  EXPECT_FALSE(set->Has(CAP_SYS_PTRACE));
}

TEST(ParseEffectiveCapabilities, SaysNothingOfATextThatDoesNot) {
  EXPECT_EQ(ParseEffectiveCapabilities(""), std::nullopt);
  EXPECT_EQ(ParseEffectiveCapabilities("\nCapEff:\t"), std::nullopt);
  EXPECT_EQ(ParseEffectiveCapabilities("\nCapEff:\tx"), std::nullopt);
  EXPECT_EQ(ParseEffectiveCapabilities("\nCapEff:\tfffffffffffffffff\n"), std::nullopt);
}

TEST(ParseEffectiveCapabilities, CannotBeFooledByAName) {
  EXPECT_EQ(ParseEffectiveCapabilities("Name:\tCapEff:\t1\n"), std::nullopt);
}

TEST(OwnCapabilities, CanBeRead) { EXPECT_EQ(OwnCapabilities(), OwnCapabilities()); }

}  // namespace
}  // namespace procwall
