// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_page.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace procwall {
namespace {

v1::ListRulesResponse ListingOf(const std::vector<std::string>& names) {
  v1::ListRulesResponse listing;
  listing.set_directory("/etc/rules");
  listing.add_refused()->set_file("bad.json");
  for (const std::string& name : names) listing.add_rules()->set_name(name);
  return listing;
}

std::vector<std::string> NamesIn(const v1::ListRulesResponse& page) {
  std::vector<std::string> names;
  for (const v1::Rule& rule : page.rules()) names.push_back(rule.name());
  return names;
}

using NamesTold = std::vector<std::string>;

TEST(PageOfRules, PagesGiveAllOnce) {
  const v1::ListRulesResponse all = ListingOf({"a", "b", "b", "c", "d"});
  NamesTold seen;
  std::string token;
  int pages = 0;
  do {
    const auto page = PageOfRules(all, 2, token);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->directory(), "/etc/rules");
    EXPECT_EQ(page->refused_size(), pages == 0 ? 1 : 0);
    const NamesTold names = NamesIn(*page);
    seen.insert(seen.end(), names.begin(), names.end());
    token = page->next_page_token();
  } while (!token.empty() && ++pages < 10);
  EXPECT_EQ(seen, (NamesTold{"a", "b", "b", "c", "d"}));
  EXPECT_EQ(pages, 2);
}

TEST(PageOfRules, TheLastPageSaysSo) {
  EXPECT_EQ(PageOfRules(ListingOf({"a", "b"}), 2, "")->next_page_token(), "");
  EXPECT_EQ(PageOfRules(ListingOf({}), 2, "")->next_page_token(), "");
  EXPECT_EQ(PageOfRules(ListingOf({"a", "b"}), 5'000'000'000, "")->rules_size(), 2);
}

TEST(PageOfRules, GoesOnBehindTheSameRuleAfterAChange) {
  const auto page = PageOfRules(ListingOf({"a", "b", "c", "d"}), 2, "");
  ASSERT_TRUE(page);
  EXPECT_EQ(NamesIn(*PageOfRules(ListingOf({"0", "1", "a", "b", "c"}), 2, page->next_page_token())),
            NamesTold{"c"});
  EXPECT_EQ(NamesIn(*PageOfRules(ListingOf({"b", "c"}), 2, page->next_page_token())),
            NamesTold{"c"});
}

TEST(PageOfRules, SaysWhenThatRuleIsGone) {
  const auto page = PageOfRules(ListingOf({"a", "b", "c", "d"}), 2, "");
  ASSERT_TRUE(page);
  const auto next = PageOfRules(ListingOf({"a", "c", "d"}), 2, page->next_page_token());
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error(), NoRulePage::kGone);
}

TEST(PageOfRules, RefusesWhatIsNoToken) {
  for (const char* token : {"x", "1", "-1 a", " a", "99999999999 a"}) {
    const auto page = PageOfRules(ListingOf({"a", "b"}), 1, token);
    ASSERT_FALSE(page) << token;
    EXPECT_EQ(page.error(), NoRulePage::kNoToken) << token;
  }
}

}  // namespace
}  // namespace procwall
