// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/domain_set.h"

#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

DomainSet DomainSetOf(std::initializer_list<std::string_view> names) {
  DomainSet set;
  for (const auto name : names) set.Add(name);
  return set;
}

TEST(DomainSet, HasANameAndNothingAboveBelowOrBeside) {
  const DomainSet set = DomainSetOf({"Ads.Example.org"});
  EXPECT_TRUE(set.Has("ads.example.org"));
  EXPECT_TRUE(set.Has("ads.example.org."));
  for (const char* other : {"example.org", "x.ads.example.org", "bads.example.org", "org", "."}) {
    EXPECT_FALSE(set.Has(other)) << other;
  }
}

TEST(DomainSet, HasWhatIsBelowAStarButNotItselfNorAcrossABorderOfLabels) {
  for (const char* entry : {"*.example.org", ".example.org"}) {
    const DomainSet set = DomainSetOf({entry});
    EXPECT_TRUE(set.Has("a.example.org")) << entry;
    EXPECT_TRUE(set.Has("a.b.example.org")) << entry;
    EXPECT_FALSE(set.Has("example.org")) << entry;
    EXPECT_FALSE(set.Has("anexample.org")) << entry;
    EXPECT_FALSE(set.Has(".example.org")) << entry;
  }
}

TEST(DomainSet, HasNothingWhenItIsEmptyAndNeverTheEmptyName) {
  EXPECT_FALSE(DomainSet().Has("example.org"));
  EXPECT_FALSE(DomainSet().Has(""));
  const DomainSet set = DomainSetOf({"", ".", "*.", "a.b"});
  EXPECT_FALSE(set.Has(""));
  EXPECT_FALSE(set.Has("."));
}

TEST(DomainSet, CountsANameOnce) {
  EXPECT_EQ(DomainSetOf({"a.b", "A.B", "a.b.", "*.a.b", ".a.b"}).Size(), 2U);
}

TEST(DomainSet, FindsEachOfManyAndNoneOfManyOthers) {
  DomainSet set;
  for (int i = 0; i < 5000; ++i) set.Add("host" + std::to_string(i) + ".example.org");
  for (int i = 0; i < 5000; ++i) {
    ASSERT_TRUE(set.Has("host" + std::to_string(i) + ".example.org"));
    ASSERT_FALSE(set.Has("host" + std::to_string(i) + ".example.net"));
  }
}

TEST(DomainSet, LooksUpNamesOfAnyLength) {
  const std::string longest(255, 'a');
  const DomainSet set = DomainSetOf({longest, "*.a"});
  EXPECT_TRUE(set.Has(longest));
  EXPECT_FALSE(set.Has(longest + "a"));
  EXPECT_FALSE(set.Has(std::string(100000, '.')));
}

}  // namespace
}  // namespace procwall
