// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_file.h"

#include <gtest/gtest.h>

#include "rules/rule_json.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

const char* const kListAsText =
    R"({"name":"n","enabled":true,"operator":{"type":"list","operand":"list",)"
    R"("data":"[{\"type\":\"simple\",\"operand\":\"dest.port\",\"data\":\"443\"}]","list":null}})";

std::string ErrorOf(std::string_view text) {
  const auto checked = CheckRuleFile(text, "a.json");
  return checked ? "ok" : checked.error().ToString();
}

TEST(ParseRuleFile, ReadsAListFromTheTextInData) {
  const Rule rule = ParseRuleFile(kListAsText, "a.json").value();
  EXPECT_EQ(rule.op.list, std::vector{Is("dest.port", "443")});
  EXPECT_EQ(rule.op.data, R"([{"type":"simple","operand":"dest.port","data":"443"}])");
}

TEST(ParseRuleFile, PrefersTheListToTheTextInData) {
  const Rule rule = ParseRuleFile(R"({"name":"n","operator":{"type":"list","data":"junk","list":[
      {"type":"simple","operand":"dest.port","data":"1"}]}})",
                                  "a.json")
                        .value();
  EXPECT_EQ(rule.op.list, std::vector{Is("dest.port", "1")});
}

TEST(ParseRuleFile, TakesAMissingDurationAsAlways) {
  EXPECT_EQ(ParseRuleFile(R"({"name":"n","operator":{}})", "").value().duration, "always");
}

TEST(ParseRuleFile, RefusesARuleWithoutNameOrOperator) {
  EXPECT_EQ(ErrorOf("\n {\"operator\":{}}"), "a.json:2:2: the rule has no name");
  EXPECT_EQ(ErrorOf(R"({"name":"", "operator":{}})"), "a.json:1:9: the rule has no name");
  EXPECT_EQ(ErrorOf(R"({"name":"n"})"), "a.json:1:1: the rule has no operator");
  EXPECT_EQ(ErrorOf(R"({"name":"n","operator":null})"), "a.json:1:1: the rule has no operator");
}

TEST(ParseRuleFile, RefusesAFileThatIsTooLarge) {
  EXPECT_EQ(ErrorOf(std::string(kMaxRuleFileBytes + 1, ' ')),
            "a.json: larger than the 1048576 bytes a rule may have");
}

TEST(CheckRuleFile, NamesLineAndColumnOfABadCondition) {
  EXPECT_EQ(ErrorOf("{\"name\":\"n\",\"enabled\":true,\n \"operator\":{\"type\":\"regexp\","
                    "\"operand\":\"dest.host\",\n  \"data\":\"a(b\"}}"),
            "a.json:3:10: operator.data: not a regular expression: missing ): a(b");
  EXPECT_EQ(
      ErrorOf(R"({"name":"n","enabled":true,"operator":{"type":"list","list":[{"type":"x"}]}})"),
      "a.json:1:70: operator.list[0].type: type x is not known");
}

TEST(CheckRuleFile, NamesTheOperatorIfThePartIsMissing) {
  EXPECT_EQ(ErrorOf(R"({"name":"n","enabled":true,"operator":{}})"),
            "a.json:1:39: operator.type: the type is missing");
}

TEST(CheckRuleFile, NamesTheTextAListCameFrom) {
  EXPECT_EQ(
      ErrorOf(R"({"name":"n","enabled":true,"operator":{"type":"list","data":"[{\"type\":1}]"}})"),
      "a.json:1:61: the text in data is not a list of conditions: 1:10: \"type\" must be a "
      "text in quotes, not a number");
  EXPECT_EQ(ErrorOf(R"({"name":"n","enabled":true,"operator":{"type":"list","data":"[{}]"}})"),
            "a.json:1:61: operator.list[0].type: the type is missing");
}

TEST(CheckRuleFile, RefusesAnEmptyList) {
  EXPECT_EQ(
      ErrorOf(R"({"name":"n","enabled":true,"operator":{"type":"list","data":"","list":[]}})"),
      "a.json:1:39: operator: an empty list would match everything");
}

TEST(CheckRuleFile, DoesNotMindWhatIsWrongInADisabledRule) {
  EXPECT_EQ(ErrorOf(R"({"name":"n","operator":{"type":"regexp","operand":"x","data":"("}})"), "ok");
  EXPECT_EQ(ErrorOf(R"({"name":"n","operator":{"type":"list","data":"junk"}})"), "ok");
}

TEST(CheckRuleFile, NotesWhatItsAuthorShouldKnow) {
  const auto checked =
      CheckRuleFile(R"({"name":"n","enabled":true,"action":"Allow","duration":"5 min",
      "operator":{"type":"simple","operand":"dest.port","data":"https"}})",
                    "a.json");
  EXPECT_EQ(
      checked.value().notes,
      (std::vector<std::string>{R"(action "Allow" is not known: it acts as deny)",
                                R"(dest.port "https" is not a decimal number: this never matches)",
                                R"(duration "5 min" is not known: it acts as always)"}));
}

TEST(CheckRuleFile, RefusesARuleThatHoldsOnce) {
  EXPECT_EQ(ErrorOf(R"({"name":"n","enabled":true,"duration":"once","operator":{"type":"simple",
      "operand":"true"}})"),
            "a.json:1:39: a rule that holds once is for one answer, not for a file");
}

TEST(ParseRuleFile, SurvivesAFileCutAtEveryByte) {
  const std::string_view whole = kListAsText;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(ParseRuleFile(whole.substr(0, size), "").has_value()) << size;
  }
}

TEST(CheckRuleFile, SurvivesEveryByteChanged) {
  const std::string whole = kListAsText;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const int flip : {0x01, 0x20, 0x80}) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      const auto checked = CheckRuleFile(damaged, "");
      if (checked) {
        EXPECT_TRUE(ParseRuleFile(ToJson(checked->rule), "").has_value()) << damaged;
      } else {
        EXPECT_GT(checked.error().line, 0) << damaged;
      }
    }
  }
}

}  // namespace
}  // namespace procwall
