// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_json.h"

#include <array>
#include <random>

#include <gtest/gtest.h>

#include "rules/rule_file.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

TEST(ToJson, WritesTheKeysInTheOrderOfOpenSnitch) {
  const Rule rule{.name = "ntp",
                  .created = "2024-02-01T10:00:00Z",
                  .updated = "2024-02-01T10:00:00Z",
                  .enabled = true,
                  .action = RuleAction::kAllow,
                  .op = Is("dest.port", "123")};
  EXPECT_EQ(ToJson(rule), R"({
  "created": "2024-02-01T10:00:00Z",
  "updated": "2024-02-01T10:00:00Z",
  "name": "ntp",
  "enabled": true,
  "precedence": false,
  "action": "allow",
  "duration": "always",
  "operator": {
    "type": "simple",
    "operand": "dest.port",
    "sensitive": false,
    "data": "123",
    "list": []
  }
})");
}

TEST(ToJsonLine, IsOneLine) {
  EXPECT_EQ(ToJsonLine({.name = "a\nb", .op = Is("true", "")}),
            R"({"name":"a\nb","enabled":false,"precedence":false,"action":"deny",)"
            R"("duration":"always","operator":{"type":"simple","operand":"true",)"
            R"("sensitive":false,"data":"","list":[]}})");
}

TEST(ToJson, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(ParseRuleFile(ToJson({.name = "a\xff"}), "").value().name, "a\ufffd");
}

// Random rules, from texts with everything that needs care in JSON.
class RandomRules {
 public:
  explicit RandomRules(unsigned seed) : random_(seed) {}

  Rule Make() {
    Rule rule{"n" + Text(), Text(), Text(), Text(),           Bool(),
              Bool(),       Bool(), {},     "until" + Text(), AnyOperator(0)};
    rule.action = Bool() ? RuleAction::kAllow : Bool() ? RuleAction::kDeny : RuleAction::kReject;
    return rule;
  }

 private:
  bool Bool() { return random_() % 2 == 0; }
  std::string Text() {
    const std::array pieces{"a", "\"", "\\", "\n", "\u00e9", "\U0001F600", "<&>", "\x01", "{"};
    std::string text;
    for (auto n = random_() % 4; n > 0; --n) text += pieces[random_() % std::size(pieces)];
    return text;
  }
  Operator AnyOperator(std::size_t depth) {
    Operator op{"simple", Text(), Text(), Bool(), {}};
    if (depth == 3 || Bool()) return op;
    op.type = "list";
    for (auto n = 1 + random_() % 3; n > 0; --n) op.list.push_back(AnyOperator(depth + 1));
    return op;
  }

  std::minstd_rand random_;
};

TEST(ToJson, IsReadBackAsTheSameRule) {
  RandomRules any(20240201);
  for (int i = 0; i < 1000; ++i) {
    const Rule rule = any.Make();
    EXPECT_EQ(ParseRuleFile(ToJson(rule), "").value(), rule) << ToJson(rule);
    EXPECT_EQ(ParseRuleFile(ToJsonLine(rule), "").value(), rule);
  }
}

}  // namespace
}  // namespace procwall
