// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/text_condition.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr auto kMatters = LetterCase::kMatters;
constexpr auto kIgnored = LetterCase::kIgnored;

bool IsBelow(std::string_view directory, std::string_view path, LetterCase letter_case) {
  return TextCondition::Below(directory, letter_case)->Holds(Text(path));
}
bool IsIn(std::string_view domain, std::string_view host) {
  return TextCondition::InDomain(domain).Holds(Text(host));
}
std::size_t WaysOf(const TextCondition& condition) {
  std::vector<KeyAlternatives> ways;
  condition.AddKeys(0, ways);
  return ways.size();
}

TEST(TextConditionEqual, IgnoresCaseOfAllAlphabetsOnlyIfTold) {
  EXPECT_TRUE(TextCondition::Equal("/Bin/A", kIgnored)->Holds(Text("/bin/a")));
  EXPECT_FALSE(TextCondition::Equal("/Bin/A", kMatters)->Holds(Text("/bin/a")));
  EXPECT_TRUE(TextCondition::Equal("gr\u00fcn", kIgnored)->Holds(Text("GR\u00dcN")));
  EXPECT_TRUE(TextCondition::Equal("sick", kIgnored)->Holds(Text("\u017fic\u212a")));
  EXPECT_FALSE(TextCondition::Equal("sick", kMatters)->Holds(Text("\u017fic\u212a")));
}

TEST(TextConditionBelow, EndsAtASlash) {
  EXPECT_TRUE(IsBelow("/opt/x", "/opt/x/y", kMatters));
  EXPECT_TRUE(IsBelow("/opt/x/", "/opt/x/y/z", kMatters));
  EXPECT_FALSE(IsBelow("/opt/x", "/opt/xy", kMatters));
  EXPECT_FALSE(IsBelow("/opt/x", "/opt/x", kMatters));
  EXPECT_TRUE(IsBelow("/", "/opt", kMatters));
  EXPECT_FALSE(IsBelow("/", "", kMatters));
}

TEST(TextConditionBelow, IgnoresCaseOnlyIfTold) {
  EXPECT_TRUE(IsBelow("/OPT", "/opt/x", kIgnored));
  EXPECT_FALSE(IsBelow("/OPT", "/opt/x", kMatters));
  EXPECT_TRUE(IsBelow("/\u00dc.x", "/\u00fc.x/y", kIgnored));
  EXPECT_FALSE(IsBelow("/\u00dc.x", "/\u00fczx/y", kIgnored));
}

TEST(TextConditionInDomain, MatchesOnLabelBorders) {
  EXPECT_TRUE(IsIn("example.org", "example.org"));
  EXPECT_TRUE(IsIn("example.org", "a.b.EXAMPLE.org."));
  EXPECT_FALSE(IsIn("example.org", "badexample.org"));
  EXPECT_FALSE(IsIn("example.org", "example.org.evil"));
  EXPECT_FALSE(IsIn("example.org", ""));
}

TEST(TextConditionInDomain, WithAStarTakesOnlyWhatIsBelow) {
  EXPECT_TRUE(IsIn("*.example.org", "a.example.org"));
  EXPECT_FALSE(IsIn("*.example.org", "example.org"));
}

TEST(TextCondition, CanBeFoundUnlessItIsAPatternThatSaysTooLittle) {
  EXPECT_EQ(WaysOf(*TextCondition::Equal("", kMatters)), 1U);
  EXPECT_EQ(WaysOf(*TextCondition::Equal("gr\u00fcn", kIgnored)), 1U);
  EXPECT_EQ(WaysOf(*TextCondition::Below("/opt", kIgnored)), 1U);
  EXPECT_EQ(WaysOf(TextCondition::InDomain("x")), 1U);
  EXPECT_EQ(WaysOf(TextCondition::Like(*Pattern::Compile("(curl|wget)", kIgnored))), 1U);
  EXPECT_EQ(WaysOf(TextCondition::Like(*Pattern::Compile("a.*", kIgnored))), 0U);
}

}  // namespace
}  // namespace procwall
