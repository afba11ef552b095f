// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_rule.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

namespace v15 = opensnitch::v15;
namespace v16 = opensnitch::v16;
using testing::HasSubstr;

Operator Simple(const std::string& operand, const std::string& data) {
  return {.type = "simple", .operand = operand, .data = data, .sensitive = true};
}

Operator ListOf(std::vector<Operator> conditions) {
  return {.type = "list", .operand = "list", .list = std::move(conditions)};
}

Rule Whole(Operator op) {
  return {.name = "a/../rule",
          .description = "said",
          .created = "2026-11-20T20:00:00Z",
          .enabled = true,
          .precedence = true,
          .nolog = true,
          .action = RuleAction::kReject,
          .duration = "15m",
          .op = std::move(op)};
}

// What 1.5 cannot say of a rule.
Rule AsIn15(Rule rule) {
  rule.description.clear();
  rule.created.clear();
  rule.nolog = false;
  return rule;
}

template <typename Message>
Rule Returned(const Rule& rule) {
  Message sent;
  FillRule(rule, sent);
  Message received;
  EXPECT_TRUE(received.ParseFromString(sent.SerializeAsString()));
  const auto read = UsableRule(ReadRule(received));
  EXPECT_TRUE(read) << read.error();
  return read.value_or(Rule{});
}

std::string Refusal(const v16::Rule& message) {
  const auto read = UsableRule(ReadRule(message));
  return read ? "" : read.error();
}

v16::Rule Sent(const Operator& op) {
  v16::Rule message;
  FillRule(Whole(op), message);
  return message;
}

TEST(OpensnitchRule, ComesBackAsItWas) {
  const Rule rule = Whole(Simple("process.path", "/usr/bin/curl"));
  EXPECT_EQ(Returned<v16::Rule>(rule), rule);
  EXPECT_EQ(Returned<v15::Rule>(rule), AsIn15(rule));
}

TEST(OpensnitchRule, ComesBackWithItsLists) {
  const Rule rule = Whole(ListOf({Simple("process.path", "/usr/bin/\"x\""),
                                  ListOf({Simple("dest.port", "443"), Simple("user.id", "0")})}));
  EXPECT_EQ(Returned<v16::Rule>(rule), rule);
  EXPECT_EQ(Returned<v15::Rule>(rule), AsIn15(rule));
}

TEST(OpensnitchRule, HasTheConditionsOfAListAsTextFor15) {
  v15::Rule message;
  FillRule(Whole(ListOf({Simple("dest.port", "443")})), message);
  EXPECT_THAT(message.operator_().data(), HasSubstr(R"("operand":"dest.port")"));
  EXPECT_EQ(message.operator_().operand(), "list");
}

TEST(OpensnitchRule, HasTheConditionsOfAListAsMessagesFor16) {
  const v16::Rule message = Sent(ListOf({Simple("dest.port", "443")}));
  EXPECT_EQ(message.operator_().data(), "");
  EXPECT_EQ(message.operator_().list_size(), 1);
}

TEST(OpensnitchRule, TakesAListAsTextFrom16Too) {
  v16::Rule message = Sent(ListOf({}));
  message.mutable_operator_()->set_data(
      R"([{"type": "simple", "operand": "dest.port", "data": "53"}])");
  const auto read = UsableRule(ReadRule(message));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->op.list.size(), 1U);
  EXPECT_EQ(read->op.list.front().data, "53");
}

TEST(OpensnitchRule, LosesTheListThatItsConditionWasBefore) {
  v16::Rule message;
  FillRule(Whole(ListOf({{"simple", "dest.port", "443"}})), message);
  message.mutable_operator_()->set_type("simple");
  message.mutable_operator_()->set_operand("dest.port");
  message.mutable_operator_()->set_data("80");
  const auto read = UsableRule(ReadRule(message));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->op, (Operator{.type = "simple", .operand = "dest.port", .data = "80"}));
}

TEST(OpensnitchRule, MayNameANetworkByItsAlias) {
  std::vector<std::string> notes;
  const auto aliases = NetworkAliases::Parse(R"({"OFFICE": ["192.0.2.0/24"]})", notes).value();
  v16::Rule message = Sent(Simple("dest.network", "OFFICE"));
  message.mutable_operator_()->set_type("network");
  EXPECT_FALSE(UsableRule(ReadRule(message)));
  const auto read = UsableRule(ReadRule(message), aliases);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->op.data, "OFFICE");
}

TEST(OpensnitchRule, IsReplacedWhereItIsNotUtf8) {
  const Rule rule = Whole(Simple("process.path", "/bin/\xff"));
  EXPECT_EQ(Returned<v16::Rule>(rule).op.data, "/bin/\xef\xbf\xbd");
}

TEST(OpensnitchRule, IsADenyWhenItsActionIsNotKnown) {
  v16::Rule message = Sent(Simple("dest.port", "1"));
  message.set_action("perhaps");
  EXPECT_EQ(ReadRule(message).rule.action, RuleAction::kDeny);
}

TEST(OpensnitchRule, IsRefusedWithoutNameConditionOrDuration) {
  const v16::Rule good = Sent(Simple("dest.port", "1"));
  v16::Rule bad = good;
  bad.clear_name();
  EXPECT_EQ(Refusal(bad), "the rule has no name");
  bad = good;
  bad.clear_operator_();
  EXPECT_EQ(Refusal(bad), "the rule has no condition");
  bad = good;
  bad.mutable_operator_()->Clear();
  EXPECT_EQ(Refusal(bad), "the rule has no condition");
  bad = good;
  bad.clear_duration();
  EXPECT_EQ(Refusal(bad), "the rule has no duration");
}

TEST(OpensnitchRule, IsRefusedWhenItsConditionsMakeNoSense) {
  EXPECT_NE(Refusal(Sent({.type = "what", .operand = "dest.port", .data = "1"})), "");
  EXPECT_NE(Refusal(Sent({.type = "simple", .operand = "what", .data = "1"})), "");
  EXPECT_NE(Refusal(Sent({.type = "regexp", .operand = "dest.host", .data = "("})), "");
  EXPECT_NE(Refusal(Sent({.type = "network", .operand = "dest.network", .data = "1"})), "");
  EXPECT_NE(Refusal(Sent(ListOf({}))), "");
  EXPECT_NE(Refusal(Sent(ListOf({Simple("what", "")}))), "");
  v16::Rule text = Sent(ListOf({}));
  text.mutable_operator_()->set_data("[{\"type\": 1}");
  EXPECT_NE(Refusal(text), "");
}

TEST(OpensnitchRule, IsRefusedWhenItsListsAreTooDeep) {
  Operator op = Simple("dest.port", "1");
  for (std::size_t i = 0; i <= kMaxListNesting; ++i) op = ListOf({std::move(op)});
  EXPECT_NE(Refusal(Sent(op)), "");
  std::string text = R"({"type": "simple", "operand": "dest.port", "data": "1"})";
  for (int i = 0; i < 1000; ++i) {
    text = R"({"type": "list", "operand": "list", "list": [)" + text + "]}";
  }
  v16::Rule message = Sent(ListOf({}));
  message.mutable_operator_()->set_data("[" + text + "]");
  EXPECT_NE(Refusal(message), "");
}

TEST(OpensnitchRule, MayBeNonsenseWhileItIsDisabled) {
  v16::Rule message = Sent(Simple("what", ""));
  message.set_enabled(false);
  EXPECT_EQ(Refusal(message), "");
}

TEST(OpensnitchRule, KeepsWhatAnOldGuiCannotSay) {
  Rule before = Whole(Simple("dest.port", "1"));
  before.enforce = false;
  Rule sent = AsIn15(before);
  sent.enforce = true;
  sent.action = RuleAction::kAllow;
  Rule expected = before;
  expected.action = RuleAction::kAllow;
  EXPECT_EQ(KeepUnsaid(GuiDialect::k15, before, sent), expected);
}

TEST(OpensnitchRule, LosesWhatANewGuiHasTakenAway) {
  const Rule before = Whole(Simple("dest.port", "1"));
  Rule sent = before;
  sent.description = "";
  sent.nolog = false;
  EXPECT_EQ(KeepUnsaid(GuiDialect::k16, before, sent), sent);
}

}  // namespace
}  // namespace procwall
