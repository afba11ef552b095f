// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_keeper.h"

#include <deque>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

// A rule as a file, and as ListRules tells it.
std::string TextOfRule(const std::string& name, const std::string& action = "deny") {
  return fmt::format(
      R"({{"name": "{}", "enabled": true, "action": "{}", "duration": "always",
          "operator": {{"type": "simple", "operand": "true", "data": ""}}}})",
      name, action);
}

const Connection kAnyConnection{};

class RuleKeeperTest : public testing::Test {
 protected:
  void Write(const std::string& file, const std::string& text) const {
    std::ofstream(directory_ / file) << text;
  }
  // "file:name" of the rules in force, then "file!" for each refused file, "+" if an older version
  // is in force.
  std::string Listed() const {
    const auto listing = keeper_.Listing();
    std::string text;
    for (const v1::Rule& rule : listing->rules())
      text += fmt::format("{}:{} ", rule.file(), rule.name());
    for (const v1::RefusedFile& file : listing->refused())
      text += fmt::format("{}!{} ", file.file(), file.previous_version_in_force() ? "+" : "");
    return text;
  }

  TemporaryDirectory directory_;
  SharedRules rules_{std::make_shared<const RuleSet>()};
  FakeClock clock_;
  RuleKeeper keeper_{directory_.Path(), rules_, clock_};
};

TEST_F(RuleKeeperTest, PublishesTheRulesAndTheirListing) {
  Write("a.json", TextOfRule("a"));
  ASSERT_TRUE(keeper_.Load());
  EXPECT_EQ(rules_.Copy()->Size(), 1U);
  EXPECT_EQ(Listed(), "a.json:a ");
  EXPECT_EQ(keeper_.Listing()->directory(), directory_.Path());
}

TEST_F(RuleKeeperTest, TellsAtWhichPlaceAFileIsWrong) {
  Write("bad.json", "{\n\"name\": 1}");
  ASSERT_TRUE(keeper_.Load());
  ASSERT_EQ(keeper_.Listing()->refused_size(), 1);
  const v1::RefusedFile& refused = keeper_.Listing()->refused(0);
  EXPECT_EQ(refused.file(), "bad.json");
  EXPECT_EQ(refused.line(), 2U);
  EXPECT_EQ(refused.column(), 9U);
  EXPECT_FALSE(refused.reason().empty());
}

TEST_F(RuleKeeperTest, NamesADirectoryThatIsNotThere) {
  RuleKeeper keeper("/nonexistent/rules", rules_, clock_);
  const auto loaded = keeper.Load();
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().substr(0, 35), "rules directory /nonexistent/rules:");
  const auto followed = keeper.Follow();
  ASSERT_FALSE(followed);
  EXPECT_EQ(followed.error().substr(0, 36), "rules directory /nonexistent/rules: ");
}

TEST_F(RuleKeeperTest, KnowsTheNetworkAliasesOfAFileAndTheBuiltInOnesIfItIsDamaged) {
  const auto rule_about = [](const std::string& network) {
    return fmt::format(R"({{"name": "{}", "enabled": true, "action": "deny",
        "operator": {{"type": "network", "operand": "dest.network", "data": "{}"}}}})",
                       network, network);
  };
  Write("lan.json", rule_about("LAN"));
  Write("office.json", rule_about("OFFICE"));
  Write("aliases", R"({"LAN": ["10.0.0.0/8"], "OFFICE": ["10.1.0.0/16"]})");
  RuleKeeper keeper(directory_.Path(), rules_, clock_, nullptr, directory_ / "aliases");
  ASSERT_TRUE(keeper.Load());
  EXPECT_EQ(keeper.Listing()->rules_size(), 2);
  Write("aliases", "{");
  RuleKeeper next(directory_.Path(), rules_, clock_, nullptr, directory_ / "aliases");
  ASSERT_TRUE(next.Load());
  EXPECT_EQ(next.Listing()->rules_size(), 1);
  EXPECT_EQ(next.Listing()->refused(0).file(), "office.json");
}

TEST_F(RuleKeeperTest, LetsGoOfARuleWhoseTimeIsOver) {
  std::string text = TextOfRule("a");
  text.replace(text.find("always"), 6, "15m");
  Write("a.json", text);
  ASSERT_TRUE(keeper_.Load());
  keeper_.OnTime();
  EXPECT_EQ(rules_.Copy()->Size(), 1U);
  clock_.Advance(std::chrono::minutes(15));
  keeper_.OnTime();
  EXPECT_EQ(rules_.Copy()->Size(), 0U);
  EXPECT_EQ(Listed(), "");
}

TEST_F(RuleKeeperTest, PublishesAChangedRule) {
  ASSERT_TRUE(keeper_.Follow());
  ASSERT_TRUE(keeper_.Load());
  Write("a.json", TextOfRule("a"));
  keeper_.OnChange();
  EXPECT_EQ(rules_.Copy()->Size(), 1U);
  EXPECT_EQ(Listed(), "a.json:a ");
}

TEST_F(RuleKeeperTest, MissesNoChangeThatComesBetweenFollowingAndLoading) {
  ASSERT_TRUE(keeper_.Follow());
  Write("a.json", TextOfRule("a"));
  ASSERT_TRUE(keeper_.Load());
  std::filesystem::remove(directory_ / "a.json");
  keeper_.OnChange();
  EXPECT_EQ(Listed(), "");
}

TEST_F(RuleKeeperTest, ListsANewFileThatIsRefused) {
  ASSERT_TRUE(keeper_.Follow());
  ASSERT_TRUE(keeper_.Load());
  Write("bad.json", "{");
  keeper_.OnChange();
  EXPECT_EQ(Listed(), "bad.json! ");
}

TEST_F(RuleKeeperTest, ListsTheOldVersionOfAFileThatBecameWrongUntilItIsMended) {
  Write("a.json", TextOfRule("a"));
  ASSERT_TRUE(keeper_.Follow());
  ASSERT_TRUE(keeper_.Load());
  Write("a.json", "{");
  keeper_.OnChange();
  EXPECT_EQ(Listed(), "a.json:a a.json!+ ");
  Write("a.json", TextOfRule("a"));
  keeper_.OnChange();
  EXPECT_EQ(Listed(), "a.json:a ");
}

TEST_F(RuleKeeperTest, KeepsTheRulesOfADirectoryThatVanished) {
  Write("a.json", TextOfRule("a"));
  ASSERT_TRUE(keeper_.Follow());
  ASSERT_TRUE(keeper_.Load());
  std::filesystem::rename(directory_.Path(), directory_.Path().string() + ".gone");
  keeper_.OnChange();
  EXPECT_EQ(Listed(), "a.json:a ");
  std::filesystem::rename(directory_.Path().string() + ".gone", directory_.Path());
}

TEST_F(RuleKeeperTest, PublishesAnewWhenAListChanges) {
  const std::string ads = directory_ / "ads";
  std::filesystem::create_directory(ads);
  Write("ads.json", fmt::format(R"({{"name": "ads", "enabled": true, "action": "deny",
      "operator": {{"type": "lists", "operand": "lists.domains", "data": "{}"}}}})",
                                ads));
  ASSERT_TRUE(keeper_.Follow());
  ASSERT_TRUE(keeper_.Load());
  const auto before = rules_.Copy();
  Write("ads/a.txt", "a.example\n");
  keeper_.OnChange();
  EXPECT_NE(rules_.Copy(), before);
}

TEST_F(RuleKeeperTest, RulesInMemoryFollowTheirLists) {
  const std::string ads = directory_ / "ads";
  std::filesystem::create_directory(ads);
  ASSERT_TRUE(keeper_.Follow());
  ASSERT_TRUE(keeper_.Load());
  std::deque<RuleChange> changes;
  changes.push_back({.kind = RuleChange::Kind::kPut,
                     .rule = {.name = "for a while",
                              .enabled = true,
                              .action = RuleAction::kDeny,
                              .duration = "until restart",
                              .op = {.type = "lists", .operand = "lists.domains", .data = ads}},
                     .done = {}});
  keeper_.Change(std::move(changes));
  const auto decide = [this] {
    return rules_.Copy()->Decide(Subject{.connection = &kAnyConnection, .host = "a.example"});
  };
  EXPECT_EQ(decide().rule, nullptr);
  Write("ads/a.txt", "a.example\n");
  keeper_.OnChange();
  ASSERT_NE(decide().rule, nullptr);
  EXPECT_EQ(decide().rule->name, "for a while");
  Write("ads/a.txt", "b.example\n");
  keeper_.OnChange();
  EXPECT_EQ(decide().rule, nullptr);
}

class ExpectingKeeperTest : public RuleKeeperTest {
 protected:
  void SetUp() override {
    Write("rules.test", R"([{"to": "192.0.2.1", "expect": "deny"}])");
    Write("a.json", TextOfRule("a"));
    ASSERT_TRUE(keeper_.Follow());
    ASSERT_TRUE(keeper_.Load());
  }
};

TEST_F(ExpectingKeeperTest, RefusesRulesThatDoNotDecideAsExpected) {
  Write("a.json", TextOfRule("a", "allow"));
  keeper_.OnChange();
  EXPECT_EQ(rules_.Copy()->Decide(Subject{.connection = &kAnyConnection}).rule->action,
            RuleAction::kDeny);
  EXPECT_EQ(Listed(), "a.json:a rules.test!+ ");
}

TEST_F(ExpectingKeeperTest, AChangeOfAnotherRuleDoesNotBringThemIntoForce) {
  const auto decided = [this] {
    return rules_.Copy()->Decide(Subject{.connection = &kAnyConnection}).rule->action;
  };
  const auto change = [this](RuleChange::Kind kind, const Rule& rule) {
    std::deque<RuleChange> changes;
    changes.push_back({.kind = kind, .rule = rule, .done = {}});
    keeper_.Change(std::move(changes));
  };
  Write("a.json", TextOfRule("a", "allow"));
  keeper_.OnChange();
  ASSERT_EQ(decided(), RuleAction::kDeny);
  change(RuleChange::Kind::kRemove, {.name = "not there"});
  EXPECT_EQ(decided(), RuleAction::kDeny);
  change(RuleChange::Kind::kPut,
         {.name = "z", .enabled = true, .duration = "15m", .op = {"simple", "dest.port", "1"}});
  EXPECT_EQ(decided(), RuleAction::kDeny);
  EXPECT_EQ(Listed(), "a.json:a rules.test!+ ");
}

TEST_F(ExpectingKeeperTest, AChangeDoesNotBringWhatWasSavedJustBeforeIntoForce) {
  Write("a.json", TextOfRule("a", "allow"));  // not looked at yet
  std::deque<RuleChange> changes;
  std::string note;
  changes.push_back({.kind = RuleChange::Kind::kPut,
                     .rule = {.name = "z",
                              .enabled = true,
                              .duration = "always",
                              .op = {"simple", "dest.port", "1"}},
                     .done = [&](const RuleChange::Outcome& outcome) {
                       note = outcome ? outcome->note : outcome.error().what;
                     }});
  keeper_.Change(std::move(changes));
  EXPECT_EQ(rules_.Copy()->Decide(Subject{.connection = &kAnyConnection}).rule->action,
            RuleAction::kDeny);
  EXPECT_NE(note.find("not in force yet"), std::string::npos) << note;
}

TEST_F(ExpectingKeeperTest, TakesThemOverWhenTheyDoAgain) {
  Write("a.json", TextOfRule("a", "allow"));
  keeper_.OnChange();
  Write("a.json", TextOfRule("b"));
  keeper_.OnChange();
  EXPECT_EQ(Listed(), "a.json:b ");
}

TEST_F(ExpectingKeeperTest, TakesThemOverWhenTheExpectationsChange) {
  Write("a.json", TextOfRule("a", "allow"));
  keeper_.OnChange();
  Write("rules.test", R"([{"to": "192.0.2.1", "expect": "allow"}])");
  keeper_.OnChange();
  EXPECT_EQ(Listed(), "a.json:a ");
  EXPECT_EQ(rules_.Copy()->Decide(Subject{.connection = &kAnyConnection}).rule->action,
            RuleAction::kAllow);
}

}  // namespace
}  // namespace procwall
