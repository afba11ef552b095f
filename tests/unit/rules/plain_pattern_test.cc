// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/plain_pattern.h"

#include <array>
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "rules/text.h"

namespace procwall {
namespace {

using Begin = PlainPattern::Begin;

TEST(ParsePlainPattern, KnowsTextsInDisguise) {
  const std::array<std::pair<const char*, PlainPattern>, 12> known = {{
      {"curl", {Begin::kAnywhere, false, "curl"}},
      {"^/usr/bin/curl$", {Begin::kStart, true, "/usr/bin/curl"}},
      {R"(^/opt/a\+b)", {Begin::kStart, false, "/opt/a+b"}},
      {R"(\.so$)", {Begin::kAnywhere, true, ".so"}},
      {R"(^(|.*\.)example\.org$)", {Begin::kLabelOfLine, true, "example.org"}},
      {R"(^(.*\.|)example\.org$)", {Begin::kLabelOfLine, true, "example.org"}},
      {R"(^(.*\.)?example\.org$)", {Begin::kLabelOfLine, true, "example.org"}},
      {R"(^(?:|.*\.)example\.org$)", {Begin::kLabelOfLine, true, "example.org"}},
      {R"(^(?:.*\.)?example\.org$)", {Begin::kLabelOfLine, true, "example.org"}},
      {R"((^|\.)example\.org$)", {Begin::kLabel, true, "example.org"}},
      {R"((?:^|\.)example\.org)", {Begin::kLabel, false, "example.org"}},
      {R"(a\-b\/c)", {Begin::kAnywhere, false, "a-b/c"}},
  }};
  for (const auto& [pattern, plain] : known)
    EXPECT_EQ(ParsePlainPattern(pattern), plain) << pattern;
}

TEST(ParsePlainPattern, LeavesTheRestToRe2) {
  for (const char* pattern : {"",         "^",       "$",
                              "^$",       "a.b",     "a*",
                              "a+",       "a?",      "(a)",
                              "[a]",      "a|b",     "a{2}",
                              "{",        "a$b",     "a^b",
                              "^^a",      R"(\)",    R"(\d)",
                              R"(\_)",    R"(\x41)", R"(\bcurl)",
                              R"(a\)",    "(?i)a",   "\xc3\xa9",
                              "a\n",      "\x01",    R"(^(|.*\.)$)",
                              R"((^|\.))"}) {
    EXPECT_EQ(ParsePlainPattern(pattern), std::nullopt) << pattern;
  }
}

TEST(PlainPattern, MatchesWhatRe2Matches) {
  const std::array begins{"",
                          "^",
                          R"(^(|.*\.))",
                          R"(^(.*\.|))",
                          R"(^(.*\.)?)",
                          R"(^(?:|.*\.))",
                          R"(^(?:.*\.)?)",
                          R"((^|\.))",
                          R"((?:^|\.))"};
  const std::array pieces{"a", "B", "k", "s", R"(\.)", "-", "ab", R"(a\.b)"};
  const std::array seen{"a",        "b",  "B",  "k",   "K",    "S",
                        ".",        "\n", "ab", "a.b", "\xff", "\xe2\x84\xaa",
                        "\xc5\xbf", "-"};
  std::minstd_rand random(1);
  const auto some = [&](const auto& from, std::size_t least) {
    std::string text;
    for (auto n = least + random() % 4; n > 0; --n) text += from[random() % std::size(from)];
    return text;
  };
  int matched = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::string pattern =
        begins[random() % begins.size()] + some(pieces, 1) + (random() % 2 == 0 ? "$" : "");
    const bool sensitive = random() % 2 == 0;
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_case_sensitive(sensitive);
    const re2::RE2 automaton(pattern, options);
    ASSERT_TRUE(automaton.ok()) << pattern;
    auto plain = ParsePlainPattern(pattern);
    ASSERT_TRUE(plain) << pattern;
    if (!sensitive) plain->text = Folded(plain->text);
    for (int j = 0; j < 40; ++j) {
      // RE2 is asked about UTF-8 only; a bad byte stands for any other character.
      std::string text = some(seen, 0);
      std::string utf8 = text;
      for (std::size_t at; (at = utf8.find('\xff')) != std::string::npos;) {
        utf8.replace(at, 1, "\xef\xbf\xbd");
      }
      const bool expected = re2::RE2::PartialMatch(utf8, automaton);
      EXPECT_EQ(plain->Matches(sensitive ? text : Folded(text)), expected)
          << pattern << " on " << text;
      matched += expected ? 1 : 0;
    }
  }
  EXPECT_GT(matched, 1000);
}

}  // namespace
}  // namespace procwall
