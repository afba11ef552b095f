// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/memory_rules.h"

#include "record/rule_message.h"
#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/rules_world.h"
#include "ui/rule_proposal.h"

namespace procwall {
namespace {

Rule HeldRule() {
  return {.name = "held\x1b",
          .description = "for now",
          .enabled = true,
          .precedence = true,
          .nolog = true,
          .action = RuleAction::kReject,
          .duration = "15m",
          .op = {.type = "list",
                 .operand = "list",
                 .list = {{.type = "regexp", .operand = "dest.host", .data = "\\.org$"},
                          {.type = "simple", .operand = "dest.port", .data = "443"}}},
          .enforce = false};
}

class MemoryRules : public RulesWorld {
 protected:
  MemoryRules() {
    daemon_.rules.set_directory(directory_.Path());
    *daemon_.rules.add_rules() = ToMessage(HeldRule());
    daemon_.rules.add_rules()->set_file("a.json");
  }

  const TemporaryDirectory elsewhere_;
  FakeDaemon daemon_{elsewhere_ / "s"};
  DaemonClient client_{daemon_.Address()};
};

TEST_F(MemoryRules, AreThoseWithoutAFile) {
  const auto held = ListHeldRules("", client_);
  ASSERT_TRUE(held);
  ASSERT_EQ(held->size(), 1U);
  EXPECT_EQ(*held->front(), HeldRule());
}

TEST_F(MemoryRules, AreThoseOfTheDirectoryThatWasNamed) {
  EXPECT_EQ(ListHeldRules(directory_.Path(), client_)->size(), 1U);
  EXPECT_EQ(ListHeldRules(elsewhere_.Path(), client_)->size(), 0U);
}

TEST_F(MemoryRules, AreNotKnownWithoutADaemon) {
  DaemonClient nobody("unix:" + elsewhere_ / "none");
  EXPECT_TRUE(ListHeldRules(directory_.Path(), nobody));
  const auto held = ListHeldRules("", nobody);
  ASSERT_FALSE(held);
  NoteUnknownHeldRules(held.error(), err_);
  EXPECT_TRUE(err_.str().starts_with("note rules held in memory are not known: no daemon answers"))
      << err_.str();
}

TEST_F(MemoryRules, TakeThePlaceOfRulesOfTheirName) {
  WriteRule("a", "allow");
  WriteRule("b", "allow");
  auto loaded = LoadRules(directory_.Path(), err_);
  ASSERT_TRUE(loaded);
  Rule rule = *loaded->Find("a");
  rule.action = RuleAction::kDeny;
  EXPECT_TRUE(AddHeldRules({std::make_shared<const Rule>(rule)}, {}, *loaded).empty());
  EXPECT_EQ(loaded->rules.size(), 2U);
  EXPECT_EQ(*loaded->Find("a"), rule);
  EXPECT_EQ(loaded->FileOf("a"), "");
  EXPECT_NE(loaded->FileOf("b"), "");
  EXPECT_EQ(loaded->set.Size(), 2U);
}

TEST_F(MemoryRules, MayBeAboutAUserThatOnlyTheDaemonKnows) {
  auto loaded = LoadRules(directory_.Path(), err_);
  ASSERT_TRUE(loaded);
  const Rule rule{.name = "x",
                  .enabled = true,
                  .op = {.type = "simple", .operand = "user.name", .data = "nobody-of-that-name"}};
  EXPECT_EQ(AddHeldRules({std::make_shared<const Rule>(rule)}, {}, *loaded).size(), 1U);
}

}  // namespace
}  // namespace procwall
