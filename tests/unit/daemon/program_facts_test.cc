// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/program_facts.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(ProgramFacts, ADescriptionAnswersMostQuestions) {
  EXPECT_FALSE(AsksBeyondDescription({.process = true, .args = true, .ancestors = true}));
  EXPECT_TRUE(AsksBeyondDescription({.interfaces = true}));
  EXPECT_TRUE(AsksBeyondDescription({.sha256 = true}));
  EXPECT_FALSE(AsksPrograms({.interfaces = true}));
  EXPECT_TRUE(AsksPrograms({.package = true}));
  EXPECT_TRUE(AsksPrograms({.environment = {"A"}}));
}

TEST(ProgramFacts, CoverWhatWasLookedFor) {
  const FactsNeeded asked{.md5 = true, .package = true, .environment = {"A", "B"}};
  EXPECT_TRUE(Covers(asked, {.package = true, .environment = {"B"}}));
  EXPECT_FALSE(Covers(asked, {.sha1 = true}));
  EXPECT_FALSE(Covers(asked, {.environment = {"A", "C"}}));
  EXPECT_FALSE(Covers({}, {.package = true}));
}

}  // namespace
}  // namespace procwall
