// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_writer.h"

#include <gtest/gtest.h>

#include "rules/rule_file.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

Rule Named(std::string name) { return {.name = std::move(name), .op = Is("dest.port", "53")}; }

TEST(RuleFileText, SaysTheRule) {
  const Rule rule = Named("a");
  EXPECT_EQ(ParseRuleFile(RuleFileText(rule), "").value(), rule);
}

TEST(RuleFileText, HasTheConditionsOfAListAsTextToo) {
  const Rule rule{.name = "a", .op = AllOf({Is("dest.port", "53")})};
  const Rule read = ParseRuleFile(RuleFileText(rule), "").value();
  EXPECT_EQ(read.op.list, rule.op.list);
  EXPECT_EQ(read.op.data,
            R"([{"type":"simple","operand":"dest.port","sensitive":false,"data":"53","list":[]}])");
}

TEST(RuleFileText, KeepsKeysNobodyKnows) {
  const std::string text =
      RuleFileText(Named("a"), R"({"Name": "a", "colour": "red", // the best one
                      "OPERATOR": {"type": "x", "why": 1, "list": [{"a": 2}]}})");
  EXPECT_NE(text.find(R"("colour": "red")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("why": 1)"), std::string::npos) << text;
  EXPECT_EQ(text.find("Name"), std::string::npos) << text;
  EXPECT_EQ(ParseRuleFile(text, "").value(), Named("a"));
}

TEST(RuleFileText, KeepsThemInTheConditionsOfAList) {
  const Rule rule{.name = "a", .op = AllOf({Is("dest.port", "53")})};
  const std::string text = RuleFileText(rule, R"({"operator": {"list": [{"why": 7}, {"b": 2}]}})");
  EXPECT_NE(text.find(R"("why": 7)"), std::string::npos) << text;
}

TEST(RuleFileText, KeepsCommentsWhenARuleIsOnlySwitched) {
  const std::string before = R"({
  "name": "a", // who
  "operator": {"type": "simple", "operand": "dest.port", "data": "53"} /* what */
})";
  Rule rule = ParseRuleFile(before, "").value();
  rule.enabled = true;
  rule.updated = "2026-01-01T00:00:00Z";
  EXPECT_FALSE(LosesComments(rule, before));
  EXPECT_EQ(RuleFileText(rule, before), R"({
  "enabled": true,
  "updated": "2026-01-01T00:00:00Z",
  "name": "a", // who
  "operator": {"type": "simple", "operand": "dest.port", "data": "53"} /* what */
})");
}

TEST(RuleFileText, LosesCommentsWhenARuleIsAnother) {
  const std::string before = "{\"name\": \"a\", // who\n\"operator\": {\"type\": \"simple\"}}";
  EXPECT_TRUE(LosesComments(Named("a"), before));
  EXPECT_EQ(ParseRuleFile(RuleFileText(Named("a"), before), "").value(), Named("a"));
}

}  // namespace
}  // namespace procwall
