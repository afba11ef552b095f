// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/ranked_rules.h"

#include <gtest/gtest.h>

#include "rules/rule_set.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

CompiledRulePtr Compiled(std::string name, Operator op, std::optional<BootTime> expires = {}) {
  auto rule = CompileRule(MakeRule(std::move(name), RuleAction::kDeny, std::move(op))).value();
  rule.expires = expires;
  return std::make_shared<const CompiledRule>(std::move(rule));
}

TEST(RankedRules, FindOneMatchAfterTheOther) {
  const RankedRules rules({Compiled("z", Is("dest.port", "443")), Compiled("y", Is("true", "")),
                           Compiled("x", Is("dest.port", "1")), Compiled("w", Is("true", ""))});
  const Connection connection = ToExample();
  const Subject subject{&connection, nullptr, ""};
  const Facts facts(subject);
  std::string names;
  for (const auto* rule = rules.FindFirst(facts); rule != nullptr;
       rule = rules.FindFirst(facts, rule)) {
    names += (*rule)->rule->name;
  }
  EXPECT_EQ(names, "zyw");
}

TEST(Matches, OnlyUntilTheRuleEnds) {
  const BootTime end{std::chrono::seconds(10)};
  const auto rule = Compiled("a", Is("true", ""), end);
  const Connection connection = ToExample();
  Subject subject{&connection, nullptr, ""};
  subject.boot_now = end - std::chrono::nanoseconds(1);
  EXPECT_TRUE(Matches(*rule, Facts(subject)));
  subject.boot_now = end;
  EXPECT_FALSE(Matches(*rule, Facts(subject)));
}

}  // namespace
}  // namespace procwall
