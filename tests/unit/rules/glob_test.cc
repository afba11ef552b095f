// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/glob.h"

#include <gtest/gtest.h>

#include "rules/pattern.h"

namespace procwall {
namespace {

bool Matches(std::string_view glob, std::string_view text) {
  return Pattern::Compile(RegexpOfGlob(glob), LetterCase::kMatters).value().Matches(Text(text));
}

TEST(RegexpOfGlob, TakesAStarForAnythingWithinADirectory) {
  EXPECT_TRUE(Matches("/opt/*/bin", "/opt/x/bin"));
  EXPECT_FALSE(Matches("/opt/*/bin", "/opt/x/y/bin"));
  EXPECT_FALSE(Matches("/opt/*", "/opt/x/y"));
  EXPECT_FALSE(Matches("*", "/x"));
}

TEST(RegexpOfGlob, TakesTwoStarsForAnythingAtAll) {
  EXPECT_TRUE(Matches("/opt/**/bin", "/opt/x/y\n/bin"));
  EXPECT_TRUE(Matches("**", ""));
}

TEST(RegexpOfGlob, TakesAQuestionMarkForOneCharacter) {
  EXPECT_TRUE(Matches("/a?c", "/abc"));
  EXPECT_FALSE(Matches("/a?c", "/ac"));
  EXPECT_FALSE(Matches("/a?c", "/a/c"));
}

TEST(RegexpOfGlob, TakesSets) {
  EXPECT_TRUE(Matches("/python3.[0-9]", "/python3.7"));
  EXPECT_FALSE(Matches("/python3.[0-9]", "/python3.x"));
  EXPECT_TRUE(Matches("/a[!0-9]", "/ax"));
  EXPECT_FALSE(Matches("/a[!0-9]", "/a7"));
  EXPECT_FALSE(Matches("/a[!0-9]x", "/a/x"));
  EXPECT_TRUE(Matches("/a[]x]", "/a]"));
  EXPECT_TRUE(Matches("/a[\\x]", "/a\\"));
  EXPECT_TRUE(Matches("/a[[:x]", "/a["));
}

TEST(RegexpOfGlob, TakesEverythingElseAsItIs) {
  EXPECT_TRUE(Matches("/a.b+(c)|$", "/a.b+(c)|$"));
  EXPECT_FALSE(Matches("/a.b", "/axb"));
  EXPECT_TRUE(Matches("/a[b", "/a[b"));
  EXPECT_TRUE(Matches(R"(/a\*)", "/a*"));
  EXPECT_FALSE(Matches(R"(/a\*)", "/ab"));
  EXPECT_TRUE(Matches("/a\\", "/a\\"));
}

TEST(RegexpOfGlob, MatchesTheWholeText) {
  EXPECT_FALSE(Matches("/opt", "/opt/x"));
  EXPECT_FALSE(Matches("opt", "/opt"));
}

}  // namespace
}  // namespace procwall
