// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/required_texts.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace procwall {
namespace {

using Texts = std::vector<std::string>;

Texts Of(std::string_view pattern) { return RequiredTexts(pattern, LetterCase::kIgnored); }

TEST(RequiredTexts, AreTheLongestLiteralInLowerCase) {
  EXPECT_EQ(Of("^/USR/bin/curl$"), Texts{"/usr/bin/curl"});
  EXPECT_EQ(Of(R"(^(|.*\.)example\.com$)"), Texts{"example.com"});
  EXPECT_EQ(RequiredTexts("ABC.*DEFG", LetterCase::kMatters), Texts{"defg"});
}

TEST(RequiredTexts, AreAllBranchesOfAnAlternation) {
  Texts texts = Of("^(firefox|chrome)$");
  std::sort(texts.begin(), texts.end());
  EXPECT_EQ(texts, (Texts{"chrome", "firefox"}));
}

TEST(RequiredTexts, AreUnknownForPatternsThatSayTooLittle) {
  for (const char* pattern : {"", ".*", "^(53|80)$", "[a-z]+", "a|.*", "\u00fcbe"}) {
    EXPECT_EQ(Of(pattern), Texts{}) << pattern;
  }
}

TEST(RequiredTexts, AreTheAsciiPartOfATextOfAnotherAlphabet) {
  EXPECT_EQ(Of("^/home/\u7528\u6237/program$"), Texts{"/program"});
}

TEST(RequiredTexts, AreUnknownForALongAlternation) {
  EXPECT_EQ(Of("alpha|bravo|charlie|delta|echo|foxtrot|golf|hotel|india"), Texts{});
}

}  // namespace
}  // namespace procwall
