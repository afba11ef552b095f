// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_reader.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

// What is at the place of the error, and the reason.
std::string ErrorIn(std::string_view text) {
  RuleText read;
  const auto error = ReadRule(text, read);
  if (!error) return "no error";
  return std::string(text.substr(error->offset, 6)) + " | " + error->reason;
}

RuleText ReadAsRule(std::string_view text) {
  RuleText read;
  EXPECT_EQ(ReadRule(text, read), std::nullopt) << text;
  return read;
}

TEST(ReadRule, ReadsEveryKey) {
  const RuleText read = ReadAsRule(
      R"({"created":"c","updated":"u","name":"n","description":"d","enabled":true,"precedence":true,
          "nolog":true,"action":"reject","duration":"5m","operator":{"type":"list","operand":"list",
          "sensitive":true,"data":"x","list":[{"type":"simple","operand":"dest.port","data":"1"}]}})");
  Operator op = AllOf({Is("dest.port", "1")});
  op.sensitive = true;
  op.data = "x";
  EXPECT_EQ(read.rule, (Rule{"n", "d", "c", "u", true, true, true, RuleAction::kReject, "5m", op}));
  EXPECT_TRUE(read.has_operator);
}

TEST(ReadRule, TakesKeysInAnyCaseAndSkipsUnknownOnes) {
  const RuleText read = ReadAsRule(
      R"({"NAME":"n","x":{"name":"no","y":[1,{"action":2},[[]]]},"Operator":{"Z":[],"DATA":"d"}})");
  EXPECT_EQ(read.rule, (Rule{.name = "n", .op = {.data = "d"}}));
}

TEST(ReadRule, TakesNullAsMissingEverywhere) {
  const RuleText read = ReadAsRule(
      R"({"created":null,"name":null,"enabled":null,"action":null,"duration":null,"x":null,
          "operator":{"type":null,"operand":null,"sensitive":null,"data":null,"list":null}})");
  EXPECT_EQ(read.rule, Rule{});
  EXPECT_FALSE(ReadAsRule(R"({"operator":null})").has_operator);
  EXPECT_FALSE(ReadAsRule("null").has_operator);
}

TEST(ReadRule, TakesANullInAListAsAnEmptyCondition) {
  EXPECT_EQ(ReadAsRule(R"({"operator":{"list":[null]}})").rule.op.list, std::vector{Operator{}});
}

TEST(ReadRule, LetsTheLastOfTwoKeysWin) {
  const RuleText read = ReadAsRule(
      R"({"name":"a","Name":"b","operator":{"type":"simple","list":[{}]},"operator":{"list":[]}})");
  EXPECT_EQ(read.rule, (Rule{.name = "b", .op = {.type = "simple"}}));
}

TEST(ReadRule, KeepsDatesOfAnyForm) {
  const RuleText read = ReadAsRule(R"({"created":1700000000,"updated":-1.5})");
  EXPECT_EQ(read.rule.created, "1700000000");
  EXPECT_EQ(read.rule.updated, "-1.5");
}

TEST(ReadRule, TurnsAnUnknownActionIntoDenyAndSaysSo) {
  EXPECT_EQ(ReadAsRule(R"({"action":"Allow"})").rule.action, RuleAction::kDeny);
  EXPECT_EQ(ReadAsRule(R"({"action":"Allow"})").unknown_action, "Allow");
  EXPECT_EQ(ReadAsRule(R"({"action":"x","action":"allow"})").unknown_action, std::nullopt);
}

TEST(ReadRule, SkipsComments) {
  const RuleText read =
      ReadAsRule("// a\n{ /* \"name\": */ \"name\" /* : */ : // b\n \"n\" } // c");
  EXPECT_EQ(read.rule.name, "n");
}

TEST(ReadRule, NamesTheValueOfAWrongType) {
  EXPECT_EQ(ErrorIn(R"({"name": 5})"), R"(5} | "name" must be a text in quotes, not a number)");
  EXPECT_EQ(ErrorIn(R"({"enabled" : "true"})"),
            R"("true" | "enabled" must be true or false, not a text)");
  EXPECT_EQ(ErrorIn(R"({"operator":{"data" :443 }})"),
            R"(443 }} | "data" must be a text in quotes, not a number)");
  EXPECT_EQ(ErrorIn(R"({"x":12/*,*/, "operator":[1]})"),
            R"([1]} | "operator" must be an object, not an array)");
  EXPECT_EQ(ErrorIn(R"({"operator":{"list":[{},true]}})"),
            "true]} | expected an object, found true");
  EXPECT_EQ(ErrorIn(R"({"operator":{"list":{}}})"),
            R"({}}} | "list" must be an array, not an object)");
  EXPECT_EQ(ErrorIn("[]"), "[] | expected an object, found an array");
  EXPECT_EQ(ErrorIn("7"), "7 | expected an object, found a number");
}

TEST(ReadRule, NamesThePlaceOfASyntaxError) {
  EXPECT_EQ(ErrorIn("").substr(0, 12), " | not JSON:");
  EXPECT_EQ(ErrorIn(R"({"name":"n",})").substr(0, 13), "} | not JSON:");
  EXPECT_EQ(ErrorIn(R"({"name":"n"} x)").substr(0, 13), "x | not JSON:");
  EXPECT_EQ(ErrorIn("{\"name\":\"a\xff\"}").substr(0, 3), "\xff\"}");
}

TEST(ReadRule, RefusesListsNestedTooDeep) {
  std::string text = R"({"operator":)";
  for (std::size_t i = 0; i <= kMaxListNesting; ++i) text += R"({"list":[)";
  EXPECT_EQ(ErrorIn(text), "[ | the lists are nested too deep");
}

TEST(ReadRule, ReadsUnknownKeysOfAnyDepth) {
  const std::string open(100000, '[');
  const std::string close(100000, ']');
  EXPECT_EQ(ReadAsRule("{\"x\":" + open + close + ",\"name\":\"n\"}").rule.name, "n");
}

TEST(ReadRule, KnowsWhereThePartsOfTheOperatorStand) {
  const std::string_view text =
      R"({"name":"n","operator":{"type":"list","list":[{"data":"d","operand":"o"}]}})";
  const RuleText read = ReadAsRule(text);
  const auto at = [&](std::size_t place) { return text.substr(place, 3); };
  EXPECT_EQ(at(read.name_place), R"("n")");
  EXPECT_EQ(at(read.places.whole), R"({"t)");
  EXPECT_EQ(at(read.places.type), R"("li)");
  EXPECT_EQ(at(read.places.list.at(0).whole), R"({"d)");
  EXPECT_EQ(at(read.places.list.at(0).data), R"("d")");
  EXPECT_EQ(at(read.places.list.at(0).operand), R"("o")");
}

TEST(ReadOperators, ReadsAnArrayOfConditions) {
  std::vector<Operator> list;
  EXPECT_EQ(ReadOperators(R"([{"type":"simple","operand":"dest.port","data":"1"}])", list),
            std::nullopt);
  EXPECT_EQ(list, std::vector{Is("dest.port", "1")});
  EXPECT_EQ(ReadOperators("{}", list)->reason, "expected an array, found an object");
}

}  // namespace

}  // namespace procwall
