// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/pattern.h"

#include <array>
#include <random>

#include <gtest/gtest.h>
#include <re2/re2.h>

namespace procwall {
namespace {

Pattern Compiled(std::string_view text, LetterCase letter_case = LetterCase::kIgnored) {
  return Pattern::Compile(text, letter_case).value();
}

TEST(Pattern, MatchesAnyPartOfTheText) {
  EXPECT_TRUE(Compiled("bin").Matches(Text("/usr/bin/curl")));
  EXPECT_FALSE(Compiled("^bin").Matches(Text("/usr/bin/curl")));
  EXPECT_TRUE(Compiled("").Matches(Text("anything")));
}

TEST(Pattern, IgnoresCaseOnlyIfTold) {
  EXPECT_TRUE(Compiled("CURL", LetterCase::kIgnored).Matches(Text("curl")));
  EXPECT_FALSE(Compiled("CURL", LetterCase::kMatters).Matches(Text("curl")));
}

TEST(Pattern, KeepsTheMeaningOfUpperCaseClassesWhenCaseIsIgnored) {
  EXPECT_TRUE(Compiled(R"(^\S+$)").Matches(Text("Curl")));
  EXPECT_FALSE(Compiled(R"(^\S+$)").Matches(Text(" ")));
}

TEST(Pattern, DoesNotLetABadByteStepAroundADot) {
  EXPECT_TRUE(Compiled("^/tmp/.*/prog$").Matches(Text("/tmp/\xff/prog")));
}

TEST(Pattern, EndsAtTheEndOfTheTextNotOfALine) {
  EXPECT_FALSE(Compiled("^curl$").Matches(Text("curl\nevil")));
  EXPECT_FALSE(Compiled("curl.evil").Matches(Text("curl\nevil")));
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
  EXPECT_TRUE(Compiled(text).Matches(Text("ads19999.example.com")));
}

// Looking for required texts first must not change what matches.
TEST(Pattern, MatchesWhatRe2Matches) {
  const std::array parts{"abc",    "ABC",    "k",       ".",        ".*", "(abc|bca)",
                         "(|.*b)", "[a-c]+", "^",       "$",        "a?", "(?i:CAB)",
                         "\\.",    "\\w",    "(abcd)?", "\xc3\xa9", "S"};
  const std::array pieces{
      "abc",  "BCA",          "k",        "s",       "a", ".", "cab",
      "ABCD", "\xe2\x84\xaa", "\xc5\xbf", "\xc3\x89"};  // Kelvin, long s, E acute
  std::minstd_rand random(1);
  const auto some = [&](const auto& from) {
    std::string text;
    for (auto n = random() % 5; n > 0; --n) text += from[random() % std::size(from)];
    return text;
  };
  for (int i = 0; i < 3000; ++i) {
    const std::string pattern = some(parts);
    const bool sensitive = random() % 2 == 0;
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_case_sensitive(sensitive);
    const re2::RE2 plain(pattern, options);
    const auto ours =
        Pattern::Compile(pattern, sensitive ? LetterCase::kMatters : LetterCase::kIgnored);
    ASSERT_EQ(ours.has_value(), plain.ok()) << pattern;
    for (int j = 0; ours && j < 20; ++j) {
      const std::string text = some(pieces);
      EXPECT_EQ(ours->Matches(Text(text)), re2::RE2::PartialMatch(text, plain))
          << pattern << " on " << text;
    }
  }
}

TEST(PatternLiteral, TakesSpecialCharactersAsTheyAre) {
  const Pattern literal = Pattern::Literal("/opt/gr\u00fcn(1).x", LetterCase::kIgnored).value();
  EXPECT_TRUE(literal.MatchesWhole("/OPT/GR\u00dcN(1).X"));
  EXPECT_FALSE(literal.MatchesWhole("/opt/gr\u00fcn(1).xy"));
  EXPECT_FALSE(literal.MatchesWhole("/opt/gr\u00fcn1.x"));
}

}  // namespace
}  // namespace procwall
