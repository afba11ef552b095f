// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/condition_text.h"

#include <gtest/gtest.h>

#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

std::string TextOfCondition(const std::string& condition) {
  return ConditionText(FromText<v1::Operator>(condition));
}

TEST(ConditionText, ReadsAsASentence) {
  EXPECT_EQ(TextOfCondition(R"(type: "simple" operand: "process.path" data: "/usr/bin/curl")"),
            "process.path is /usr/bin/curl");
  EXPECT_EQ(TextOfCondition(R"(type: "simple" operand: "dest.host" data: "A" sensitive: true)"),
            "dest.host is exactly A");
  EXPECT_EQ(TextOfCondition(R"(type: "regexp" operand: "dest.host" data: "^a$")"),
            "dest.host matches ^a$");
  EXPECT_EQ(TextOfCondition(R"(type: "network" operand: "dest.network" data: "10.0.0.0/8")"),
            "dest.network is in 10.0.0.0/8");
  EXPECT_EQ(TextOfCondition(R"(type: "lists" operand: "lists.domains" data: "/etc/lists")"),
            "dest.host is listed in /etc/lists");
  EXPECT_EQ(TextOfCondition(R"(type: "simple" operand: "true")"), "anything");
}

TEST(ConditionText, JoinsAList) {
  EXPECT_EQ(TextOfCondition(R"(type: "list" operand: "list"
                    list { type: "simple" operand: "process.path" data: "/usr/bin/curl" }
                    list { type: "simple" operand: "dest.port" data: "443" })"),
            "process.path is /usr/bin/curl and dest.port is 443");
}

TEST(ConditionText, PutsANestedListInParentheses) {
  EXPECT_EQ(TextOfCondition(
                R"(type: "list" list { type: "list" list { type: "simple" operand: "a" data: "b" } }
                    list { type: "list" })"),
            "(a is b) and an empty list");
}

TEST(ConditionText, ShowsATypeItDoesNotKnow) {
  EXPECT_EQ(TextOfCondition(R"(type: "glob" operand: "process.path" data: "/x/*")"),
            "process.path glob /x/*");
}

TEST(ConditionText, DescribesARulesOwnConditionToo) {
  const Operator port{.type = "simple", .operand = "dest.port", .data = "53"};
  const Operator both{.type = "list", .operand = "list", .list = {port, port}};
  EXPECT_EQ(ConditionText(both), "dest.port is 53 and dest.port is 53");
}

}  // namespace
}  // namespace procwall
