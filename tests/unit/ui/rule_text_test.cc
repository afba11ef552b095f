// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rule_text.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(RuleText, IsASentence) {
  const Rule rule{.name = "a\n",
                  .precedence = true,
                  .duration = "15m",
                  .op = {.type = "simple", .operand = "dest.port", .data = "25"},
                  .enforce = false};
  EXPECT_EQ(RuleText(rule, Colours::kOff),
            "deny \"a\\x0a\", 15m, precedence, not enforced, disabled\n    when dest.port is 25\n");
}

}  // namespace
}  // namespace procwall
