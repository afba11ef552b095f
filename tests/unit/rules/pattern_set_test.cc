// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/pattern_set.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

bool Has(std::initializer_list<std::string_view> patterns, std::string_view host) {
  std::vector<Pattern> compiled;
  for (const auto pattern : patterns) {
    compiled.push_back(Pattern::Compile(pattern, LetterCase::kIgnored).value());
  }
  const Connection connection = ToExample();
  const Subject subject{&connection, nullptr, host};
  return PatternSet(std::move(compiled)).HasHost(Facts(subject));
}

TEST(PatternSet, MatchesWhenAnyOfItsPatternsDoes) {
  EXPECT_TRUE(Has({"^ads[0-9]*\\.", "tracker"}, "ADS12.example.org"));
  EXPECT_TRUE(Has({"^ads[0-9]*\\.", "tracker"}, "my.tracker.example.org"));
  EXPECT_FALSE(Has({"^ads[0-9]*\\.", "tracker"}, "www.example.org"));
}

TEST(PatternSet, NeverMatchesANameThatIsNotKnown) {
  EXPECT_FALSE(Has({".*", "^$"}, ""));
  EXPECT_TRUE(Has({".*"}, "a"));
}

TEST(PatternSet, MatchesNothingWhenItIsEmpty) { EXPECT_FALSE(Has({}, "example.org")); }

}  // namespace
}  // namespace procwall
