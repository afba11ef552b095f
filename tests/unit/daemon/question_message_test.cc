// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/question_message.h"

#include <chrono>
#include <memory>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/message_text.h"

namespace procwall {
namespace {

TEST(QuestionMessage, TellsWhoWantsToGoWhereAndUntilWhen) {
  Process process;
  process.id = {7, 9};
  process.path = "/usr/bin/\x01";
  Attribution attribution;
  attribution.confidence = Confidence::kLikely;
  attribution.processes = {std::make_shared<const Process>(std::move(process))};
  Question question;
  question.id = 3;
  question.connection.local = {IpAddress::V4({10, 0, 0, 2}), 40000};
  question.connection.remote = {IpAddress::V4({192, 0, 2, 1}), 443};
  question.host = "example.org";
  question.attribution = std::make_shared<const Attribution>(std::move(attribution));
  question.asked = WallTime(std::chrono::seconds(100));
  question.deadline = WallTime(std::chrono::seconds(130));
  question.flows = 2;
  question.packets = 5;
  v1::Question message = ToMessage(question);
  message.mutable_event()->clear_evidence();
  message.mutable_event()->clear_evidence_details();
  EXPECT_TRUE(Says(message, R"(
    id: 3
    event {
      time { seconds: 100 } protocol: "tcp" direction: "outgoing" src_ip: "10.0.0.2" src_port: 40000
      dst_ip: "192.0.2.1" dst_port: 443 dst_host: "example.org" confidence: CONFIDENCE_LIKELY
      process { pid: 7 start_time: 9 path: "/usr/bin/\\x01" file_state: "unknown" }
    }
    asked { seconds: 100 } deadline { seconds: 130 } default_action: ACTION_DENY flows: 2
    packets: 5)"));
}

TEST(QuestionMessage, TellsWhatBecameOfIt) {
  const auto rule = std::make_shared<const Rule>(Rule{.name = "r"});
  EXPECT_TRUE(Says(ToMessage(3, Settlement{SettledHow::kAnswered, "b\n", rule, "n"}), R"(
    id: 3 how: SETTLED_ANSWERED by: "b\\x0a" note: "n"
    rule { name: "r" action: "deny" duration: "always" operator {} })"));
  EXPECT_EQ(ToMessage(3, Settlement{SettledHow::kTimedOut, {}, {}, {}}).how(),
            v1::SETTLED_TIMED_OUT);
  EXPECT_EQ(ToMessage(3, Settlement{SettledHow::kNobodyLeft, {}, {}, {}}).how(),
            v1::SETTLED_NOBODY_LEFT);
  EXPECT_EQ(ToMessage(3, Settlement{SettledHow::kRules, {}, {}, {}}).how(), v1::SETTLED_RULES);
  EXPECT_EQ(ToMessage(3, Settlement{SettledHow::kEnding, {}, {}, {}}).how(), v1::SETTLED_ENDING);
}

TEST(QuestionMessage, TellsWhatTheDeskSaysToAnAnswer) {
  using Kind = AnswerReceipt::Kind;
  EXPECT_TRUE(Says(ToMessage(3, AnswerReceipt{Kind::kTooLate, "answered by b"}),
                   R"(id: 3 kind: KIND_TOO_LATE what: "answered by b")"));
  EXPECT_EQ(ToMessage(3, AnswerReceipt{Kind::kTaken, ""}).kind(), v1::AnswerReceipt::KIND_TAKEN);
  EXPECT_EQ(ToMessage(3, AnswerReceipt{Kind::kNotAsked, ""}).kind(),
            v1::AnswerReceipt::KIND_NOT_ASKED);
  EXPECT_EQ(ToMessage(3, AnswerReceipt{Kind::kInvalid, ""}).kind(),
            v1::AnswerReceipt::KIND_INVALID);
  EXPECT_EQ(ToMessage(3, AnswerReceipt{Kind::kOverloaded, ""}).kind(),
            v1::AnswerReceipt::KIND_OVERLOADED);
}

}  // namespace
}  // namespace procwall
