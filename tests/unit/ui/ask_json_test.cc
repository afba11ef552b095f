// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/ask_json.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/json_text.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using testing::HasSubstr;

class AskJsonTest : public testing::Test {
 protected:
  std::string Hear(const std::string& response) {
    return json.OnResponse(FromText<v1::QuestionsResponse>(response));
  }
  std::string Asked(std::uint64_t id) {
    v1::QuestionsResponse response;
    response.mutable_asked()->set_id(id);
    *response.mutable_asked()->mutable_event() = SampleEvent();
    return json.OnResponse(response);
  }
  std::string WhyNot(const std::string& line) {
    const auto request = json.OnLine(line);
    return request ? "it is right" : request.error();
  }

  AskJson json;
};

TEST_F(AskJsonTest, TellsAQuestionWithItsReaches) {
  const Json told = Json::parse(Asked(7));
  EXPECT_EQ(told["type"], "question");
  EXPECT_EQ(told["id"], 7);
  EXPECT_EQ(told["event"]["process_path"], "/usr/bin/curl");
  EXPECT_EQ(told["reaches"][0]["label"], "this program to example.org port 443");
  EXPECT_EQ(told["reaches"][0]["operator"]["list"].size(), 3U);
}

TEST_F(AskJsonTest, TellsWhatBecameOfIt) {
  EXPECT_EQ(Hear(R"(settled { id: 7 how: SETTLED_ANSWERED by: "bob" rule { name: "r" } })"),
            R"({"type":"settled","id":7,"how":"answered","by":"bob","rule":"r","note":""})");
  EXPECT_EQ(Hear("settled { id: 7 how: SETTLED_TIMED_OUT }"),
            R"({"type":"settled","id":7,"how":"timed-out","by":"","rule":null,"note":""})");
}

TEST_F(AskJsonTest, TellsTheRest) {
  EXPECT_EQ(Hear(R"(welcome { name: "me" open: 2 })"),
            R"({"type":"welcome","name":"me","open":2})");
  EXPECT_EQ(Hear(R"(claimed { id: 7 by: "bob" })"), R"({"type":"claimed","id":7,"by":"bob"})");
  EXPECT_EQ(Hear(R"(receipt { id: 7 kind: KIND_TOO_LATE what: "answered by bob" })"),
            R"({"type":"receipt","id":7,"receipt":"too-late","what":"answered by bob"})");
  EXPECT_THAT(Hear("changed { id: 7 packets: 9 }"), HasSubstr(R"("type":"changed","id":7)"));
  EXPECT_EQ(Hear(""), R"({"type":"unknown"})");
}

TEST_F(AskJsonTest, NothingGarblesATerminal) {
  const std::string told = Hear("claimed { id: 7 by: \"\\033[2J\\n\" }");
  EXPECT_EQ(told, R"({"type":"claimed","id":7,"by":"\\x1b[2J\\x0a"})");
}

TEST_F(AskJsonTest, AnActionIsARuleForOnceOfTheNarrowestReach) {
  Asked(7);
  const auto request = json.OnLine(R"({"id": 7, "action": "allow"})");
  ASSERT_TRUE(request) << request.error();
  EXPECT_EQ(request->answer().id(), 7U);
  EXPECT_EQ(request->answer().rule().action(), "allow");
  EXPECT_EQ(request->answer().rule().duration(), "once");
  EXPECT_EQ(request->answer().rule().description(), "this program to example.org port 443");
}

TEST_F(AskJsonTest, ReachAndDurationCanBeChosen) {
  Asked(7);
  const auto request =
      json.OnLine(R"({"id": 7, "action": "deny", "reach": 5, "duration": "always"})");
  ASSERT_TRUE(request) << request.error();
  EXPECT_EQ(request->answer().rule().description(), "this program anywhere");
  EXPECT_EQ(request->answer().rule().duration(), "always");
}

TEST_F(AskJsonTest, ARuleMayBeGivenWhole) {
  const auto request = json.OnLine(
      R"({"id": 7, "rule": {"name": "r", "enabled": true, "action": "reject", "duration": "1h",
          "operator": {"type": "simple", "operand": "dest.port", "data": "25"}}})");
  ASSERT_TRUE(request) << request.error();
  EXPECT_TRUE(Says(request->answer().rule(), R"(
    name: "r" enabled: true action: "reject" duration: "1h"
    operator { type: "simple" operand: "dest.port" data: "25" })"));
}

TEST_F(AskJsonTest, TheDefaultIsAnAnswer) {
  const auto request = json.OnLine(R"({"id": 7, "default": true})");
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->answer().default_action());
}

TEST_F(AskJsonTest, SaysWhatIsWrong) {
  Asked(7);
  EXPECT_EQ(WhyNot("what?"), "an answer is a JSON object");
  EXPECT_EQ(WhyNot("[]"), "an answer is a JSON object");
  EXPECT_EQ(WhyNot(R"({"id": -1})"), "\"id\" must be the number of a question");
  EXPECT_EQ(WhyNot(R"({"id": 7})"), "\"action\" must be allow, deny or reject");
  EXPECT_EQ(WhyNot(R"({"id": 8, "action": "allow"})"), "question 8 is not open");
  EXPECT_EQ(WhyNot(R"({"id": 7, "action": "allow", "reach": 6})"), "\"reach\" must be below 6");
  EXPECT_NE(WhyNot(R"({"id": 7, "rule": {"action": 1}})"), "it is right");
  EXPECT_EQ(WhyNot(std::string((1U << 20) + 1, ' ')), "an answer is at most 1 MiB long");
}

TEST_F(AskJsonTest, DeepNestingIsNoTrouble) {
  EXPECT_NE(WhyNot(R"({"id": 7, "rule": )" + std::string(100000, '[')), "it is right");
}

TEST_F(AskJsonTest, WhatIsSettledCannotBeAnsweredAnyMore) {
  Asked(7);
  Hear("settled { id: 7 }");
  EXPECT_EQ(WhyNot(R"({"id": 7, "action": "allow"})"), "question 7 is not open");
}

}  // namespace
}  // namespace procwall
