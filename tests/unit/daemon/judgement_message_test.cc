// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/judgement_message.h"

#include <memory>

#include <gtest/gtest.h>

#include "tests/support/message_text.h"

namespace procwall {
namespace {

TEST(JudgementMessage, SaysWhatDecidedAndWhatWouldHave) {
  Rule rule{.name = "a\n", .action = RuleAction::kDeny};
  Rule shadow{.name = "b", .action = RuleAction::kReject};
  const Judgement judged{RuleAction::kDeny,
                         EventReason::kRule,
                         std::make_shared<const Rule>(rule),
                         {std::make_shared<const Rule>(shadow)}};
  EXPECT_TRUE(Says(ToMessage(judged), R"(action: ACTION_DENY reason: REASON_RULE rule: "a\\x0a"
                                         shadow_rules { rule: "b" action: ACTION_REJECT })"));
}

TEST(JudgementMessage, NamesNoRuleWhereNoneDecided) {
  EXPECT_TRUE(Says(ToMessage(Judgement{RuleAction::kAllow, EventReason::kDefaultAction, nullptr}),
                   "action: ACTION_ALLOW reason: REASON_DEFAULT_ACTION"));
}

}  // namespace
}  // namespace procwall
