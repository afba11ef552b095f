// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_editor.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/rule_folder.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using ChangeKind = RuleChange::Kind;

Rule Deny(const std::string& name, const std::string& duration = "always") {
  return {.name = name, .enabled = true, .duration = duration, .op = {"simple", "true", ""}};
}

class RuleEditorTest : public testing::Test {
 protected:
  RuleEditorTest() {
    EXPECT_TRUE(store.Watch());
    EXPECT_TRUE(store.Load());
  }

  RuleChange::Outcome Make(ChangeKind kind, Rule rule) {
    return editor.Make({.kind = kind, .rule = std::move(rule), .done = {}});
  }
  // The name that the rule got, or why there is none.
  std::string Add(Rule rule) {
    const auto outcome = Make(ChangeKind::kAdd, std::move(rule));
    return outcome ? outcome->rule->name : outcome.error().what;
  }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory.Path())) {
      names.push_back(entry.path().filename());
    }
    std::ranges::sort(names);
    return names;
  }
  std::vector<std::string> InMemory() const {
    std::vector<std::string> names;
    for (const CompiledRulePtr& rule : memory.Compiled()) names.push_back(rule->rule->name);
    return names;
  }

  TemporaryDirectory directory;
  FakeClock clock;
  RuleStore store{directory.Path(), clock};
  MemoryRules memory{clock};
  RuleEditor editor{store, memory, clock};
};

TEST_F(RuleEditorTest, SavesWhatIsToLast) {
  EXPECT_EQ(Add(Deny("a")), "a");
  EXPECT_THAT(Files(), ElementsAre("a.json"));
  ASSERT_EQ(store.Rules().size(), 1U);
  EXPECT_EQ(store.Rules().front()->created, "2027-01-15T08:00:00Z");
}

TEST_F(RuleEditorTest, KeepsInMemoryWhatHoldsForAWhile) {
  EXPECT_EQ(Add(Deny("a", "15m")), "a");
  EXPECT_EQ(Add(Deny("b", "until restart")), "b");
  EXPECT_THAT(Files(), IsEmpty());
  EXPECT_THAT(InMemory(), ElementsAre("a", "b"));
}

TEST_F(RuleEditorTest, ATakenNameGetsANumber) {
  Add(Deny("a"));
  EXPECT_EQ(Add(Deny("a")), "a-2");
  EXPECT_EQ(Add(Deny("a", "15m")), "a-3");
  EXPECT_EQ(Add(Deny("a", "15m")), "a-4");
}

TEST_F(RuleEditorTest, ANameThatIsNoFileNameIsSavedAllTheSame) {
  EXPECT_EQ(Add(Deny("../../etc/passwd")), "../../etc/passwd");
  ASSERT_EQ(store.Rules().size(), 1U);
  EXPECT_THAT(Files(), ElementsAre(testing::Not(HasSubstr("/"))));
}

TEST_F(RuleEditorTest, ATemporaryRuleTakesThePlaceOfASavedOne) {
  Add(Deny("a"));
  ASSERT_TRUE(Make(ChangeKind::kPut, Deny("a", "15m")));
  EXPECT_THAT(Files(), IsEmpty());
  EXPECT_THAT(InMemory(), ElementsAre("a"));
}

TEST_F(RuleEditorTest, ASavedRuleTakesThePlaceOfATemporaryOne) {
  Add(Deny("a", "15m"));
  ASSERT_TRUE(Make(ChangeKind::kPut, Deny("a")));
  EXPECT_THAT(Files(), ElementsAre("a.json"));
  EXPECT_THAT(InMemory(), IsEmpty());
}

TEST_F(RuleEditorTest, Removes) {
  Add(Deny("a"));
  Add(Deny("b", "15m"));
  EXPECT_TRUE(Make(ChangeKind::kRemove, Deny("a")));
  EXPECT_TRUE(Make(ChangeKind::kRemove, Deny("b")));
  EXPECT_THAT(Files(), IsEmpty());
  EXPECT_THAT(InMemory(), IsEmpty());
  EXPECT_EQ(Make(ChangeKind::kRemove, Deny("a")).error(),
            (RuleRefusal{RuleRefusal::Kind::kNotFound, "there is no rule \"a\""}));
}

TEST_F(RuleEditorTest, SwitchesRulesOffAndOn) {
  Add(Deny("a"));
  ASSERT_TRUE(Make(ChangeKind::kDisable, {.name = "a"}));
  EXPECT_FALSE(store.Rules().front()->enabled);
  EXPECT_EQ(store.Rules().front()->op, Deny("a").op);
  ASSERT_TRUE(Make(ChangeKind::kEnable, {.name = "a"}));
  EXPECT_TRUE(store.Rules().front()->enabled);
}

TEST_F(RuleEditorTest, AFileStaysWhatItIsHoweverLongItSaysThatItHolds) {
  for (const std::string duration : {"15m", "until restart", "12d"}) {
    const std::string name = "of " + duration;
    ASSERT_TRUE(SaveRule(directory.Path(), Deny(name, duration)));
    store.Reload();
    ASSERT_TRUE(Make(ChangeKind::kDisable, {.name = name}));
    ASSERT_TRUE(Make(ChangeKind::kEnable, {.name = name}));
    Rule edited = Deny(name, duration);
    edited.description = "edited";
    ASSERT_TRUE(Make(ChangeKind::kPut, edited));
  }
  EXPECT_THAT(Files(), testing::SizeIs(3));
  EXPECT_THAT(InMemory(), IsEmpty());
  for (const auto& rule : store.Rules()) EXPECT_EQ(rule->description, "edited");
}

TEST_F(RuleEditorTest, WhatIsInMemoryStaysThere) {
  Add(Deny("a", "15m"));
  ASSERT_TRUE(Make(ChangeKind::kDisable, {.name = "a"}));
  EXPECT_THAT(Files(), IsEmpty());
  EXPECT_THAT(InMemory(), ElementsAre("a"));
}

TEST_F(RuleEditorTest, RefusesWhatCannotBeARule) {
  Rule broken = Deny("a");
  broken.op = {"regexp", "process.path", "("};
  EXPECT_FALSE(Make(ChangeKind::kAdd, broken));
  EXPECT_EQ(Add(Deny("")), "the rule has no name");
  EXPECT_EQ(Add(Deny("a", "once")), "a rule that holds once cannot be kept");
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(RuleEditorTest, RefusesWhatTheDirectoryDoesNotExpect) {
  std::ofstream(directory / "rules.test")
      << R"([{"name": "all is well", "program": "/bin/x", "to": "192.0.2.1", "port": 443,
              "expect": "default"}])";
  const auto outcome = Make(ChangeKind::kAdd, Deny("a", "15m"));
  ASSERT_FALSE(outcome);
  EXPECT_THAT(InMemory(), IsEmpty());
}

TEST_F(RuleEditorTest, KeepsARuleWithoutWhichTheRestIsUnexpected) {
  Add(Deny("a"));
  std::ofstream(directory / "rules.test")
      << R"([{"program": "/bin/x", "to": "192.0.2.1", "port": 443, "expect": "deny"}])";
  EXPECT_EQ(Make(ChangeKind::kRemove, Deny("a")).error().kind, RuleRefusal::Kind::kUnexpected);
  EXPECT_THAT(Files(), ElementsAre("a.json", "rules.test"));
}

TEST_F(RuleEditorTest, PutsANewRuleOnlyWhereThereIsNone) {
  EXPECT_TRUE(Make(ChangeKind::kPutNew, Deny("a")));
  EXPECT_EQ(Make(ChangeKind::kPutNew, Deny("a", "15m")).error().kind, RuleRefusal::Kind::kExists);
  EXPECT_THAT(InMemory(), IsEmpty());
}

TEST_F(RuleEditorTest, WhatCannotBeSavedHoldsUntilTheRestart) {
  RuleStore nowhere("/proc/nowhere", clock);
  RuleEditor its_editor(nowhere, memory, clock);
  const auto outcome = its_editor.Make({.kind = ChangeKind::kAdd, .rule = Deny("a"), .done = {}});
  ASSERT_TRUE(outcome);
  EXPECT_THAT(outcome->note, HasSubstr("until restart only, it cannot be saved"));
  EXPECT_THAT(InMemory(), ElementsAre("a"));
}

TEST_F(RuleEditorTest, WithoutLiveReloadItSeesItsOwnFiles) {
  RuleStore unwatched(directory.Path(), clock);
  RuleEditor its_editor(unwatched, memory, clock);
  ASSERT_TRUE(its_editor.Make({.kind = ChangeKind::kAdd, .rule = Deny("a"), .done = {}}));
  EXPECT_EQ(unwatched.Rules().size(), 1U);
}

}  // namespace
}  // namespace procwall
