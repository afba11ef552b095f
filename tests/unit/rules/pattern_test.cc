// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/pattern.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

Pattern Compiled(std::string_view text, LetterCase letter_case = LetterCase::kIgnored) {
  return Pattern::Compile(text, letter_case).value();
}

TEST(Pattern, MatchesAnyPartOfTheText) {
  EXPECT_TRUE(Compiled("bin").Matches("/usr/bin/curl"));
  EXPECT_FALSE(Compiled("^bin").Matches("/usr/bin/curl"));
  EXPECT_TRUE(Compiled("").Matches("anything"));
}

TEST(Pattern, IgnoresCaseOnlyIfTold) {
  EXPECT_TRUE(Compiled("CURL", LetterCase::kIgnored).Matches("curl"));
  EXPECT_FALSE(Compiled("CURL", LetterCase::kMatters).Matches("curl"));
}

TEST(Pattern, KeepsTheMeaningOfUpperCaseClassesWhenCaseIsIgnored) {
  EXPECT_TRUE(Compiled(R"(^\S+$)").Matches("Curl"));
  EXPECT_FALSE(Compiled(R"(^\S+$)").Matches(" "));
}

TEST(Pattern, DoesNotLetABadByteStepAroundADot) {
  EXPECT_TRUE(Compiled("^/tmp/.*/prog$").Matches("/tmp/\xff/prog"));
}

TEST(Pattern, EndsAtTheEndOfTheTextNotOfALine) {
  EXPECT_FALSE(Compiled("^curl$").Matches("curl\nevil"));
  EXPECT_FALSE(Compiled("curl.evil").Matches("curl\nevil"));
}

TEST(Pattern, RefusesWhatRe2DoesNotKnowWithItsReason) {
  EXPECT_EQ(Pattern::Compile("a(b", LetterCase::kMatters).error(), "missing ): a(b");
  EXPECT_FALSE(Pattern::Compile("(?=a)", LetterCase::kMatters).has_value());
  EXPECT_FALSE(Pattern::Compile(R"((a)\1)", LetterCase::kMatters).has_value());
}

TEST(Pattern, RefusesWhatWouldNeedTooMuchMemory) {
  EXPECT_FALSE(Pattern::Compile("((a{100}){100}){100}", LetterCase::kMatters).has_value());
}

TEST(Pattern, HoldsALongAlternation) {
  std::string text = "^(";
  for (int i = 0; i < 20000; ++i) text += "ads" + std::to_string(i) + R"(\.example\.com|)";
  text += "x)$";
  EXPECT_TRUE(Compiled(text).Matches("ads19999.example.com"));
}

TEST(PatternLiteral, TakesSpecialCharactersAsTheyAre) {
  const Pattern literal = Pattern::Literal("/opt/gr\u00fcn(1).x", LetterCase::kIgnored).value();
  EXPECT_TRUE(literal.MatchesWhole("/OPT/GR\u00dcN(1).X"));
  EXPECT_FALSE(literal.MatchesWhole("/opt/gr\u00fcn(1).xy"));
  EXPECT_FALSE(literal.MatchesWhole("/opt/gr\u00fcn1.x"));
}

}  // namespace
}  // namespace procwall
