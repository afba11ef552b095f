// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/rule_message.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(RuleOf, ReadsBackWhatIsTold) {
  const Rule rule{.name = "a\\b\n",
                  .description = "d",
                  .enabled = true,
                  .precedence = true,
                  .nolog = true,
                  .action = RuleAction::kReject,
                  .duration = "15m",
                  .op = {"list",
                         "list",
                         "",
                         false,
                         {{"regexp", "dest.host", "^(|.*\\.)example\\.org$", true, {}},
                          {"simple", "process.path", "/tmp/\x01\xff", false, {}}}}};
  const auto read = RuleOf(ToMessage(rule));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, rule);
}

TEST(RuleOf, RefusesAnUnknownAction) {
  v1::Rule message;
  message.set_action("maybe\n");
  EXPECT_EQ(RuleOf(message).error(),
            "\"maybe\\x0a\" is no action: they are allow, deny and reject");
}

TEST(RuleOf, RefusesListsThatAreNestedTooDeep) {
  v1::Rule message;
  message.set_action("allow");
  v1::Operator* op = message.mutable_operator_();
  for (std::size_t i = 0; i <= kMaxListNesting; ++i) op = op->add_list();
  EXPECT_FALSE(RuleOf(message));
}

}  // namespace
}  // namespace procwall
