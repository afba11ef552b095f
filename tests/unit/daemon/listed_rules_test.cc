// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/listed_rules.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "daemon/event_message.h"
#include "record/rule_message.h"

namespace procwall {
namespace {

Rule AListedRule() {
  return {.name = "a\nb\\c",
          .description = "said",
          .created = "2026-01-01T00:00:00Z",
          .updated = "2026-01-02T00:00:00Z",
          .enabled = true,
          .precedence = true,
          .nolog = true,
          .action = RuleAction::kReject,
          .duration = "15m",
          .op = {.type = "list",
                 .operand = "list",
                 .list = {{.type = "simple", .operand = "process.path", .data = "/a\xff\x01"}}},
          .enforce = false};
}

TEST(ListedRules, AreMadeAnewOnlyWhenTheListingChanges) {
  auto listing = std::make_shared<v1::ListRulesResponse>();
  *listing->add_rules() = ToMessage(AListedRule());
  ListedRules rules([&] { return listing; });
  const GuiRulesPtr before = rules.Get();
  ASSERT_EQ(before->size(), 1U);
  EXPECT_EQ(*before->front(), AListedRule());
  EXPECT_EQ(rules.Get(), before);
  listing = std::make_shared<v1::ListRulesResponse>();
  EXPECT_TRUE(rules.Get()->empty());
}

}  // namespace
}  // namespace procwall
