// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/facts_needed.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(NeedsOfFact, AreWhatTheFactIsMadeOf) {
  EXPECT_EQ(NeedsOfFact(TextFact::kProcessCommand), (FactsNeeded{.process = true, .args = true}));
  EXPECT_EQ(NeedsOfFact(TextFact::kHost), FactsNeeded{.host = true});
  EXPECT_EQ(NeedsOfFact(TextFact::kServerName), FactsNeeded{.sni = true});
  EXPECT_EQ(NeedsOfFact(TextFact::kSha256), (FactsNeeded{.process = true, .sha256 = true}));
  EXPECT_EQ(NeedsOfFact(TextFact::kDestinationPort), FactsNeeded{});
  EXPECT_EQ(NeedsOfFact(NumberFact::kUserId), FactsNeeded{.process = true});
  EXPECT_EQ(NeedsOfFact(NumberFact::kSourcePort), FactsNeeded{});
}

TEST(FactsNeeded, AddUp) {
  FactsNeeded needs{.process = true, .environment = {"A"}};
  needs |= FactsNeeded{.now = true, .environment = {"B"}};
  EXPECT_EQ(needs, (FactsNeeded{.process = true, .now = true, .environment = {"A", "B"}}));
}

}  // namespace
}  // namespace procwall
