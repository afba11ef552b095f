// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rule_text.h"

#include <sstream>

#include <gtest/gtest.h>

#include "rules/rule_json.h"

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

TEST(PrintRule, PrintsASentenceOrALineOfJson) {
  const Rule rule{.name = "a", .op = {.type = "simple", .operand = "dest.port", .data = "25"}};
  std::ostringstream out;
  PrintRule(rule, OutputForm::kText, {out, out, {}});
  EXPECT_EQ(out.str(), RuleText(rule, Colours::kOff));
  out.str("");
  PrintRule(rule, OutputForm::kJson, {out, out, {}});
  EXPECT_EQ(out.str(), ToJsonLine(rule) + "\n");
}

}  // namespace
}  // namespace procwall
