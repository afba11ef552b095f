// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_session.h"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/opensnitch_dialect.h"
#include "daemon/opensnitch_rule.h"
#include "opensnitch/v15/ui.pb.h"
#include "opensnitch/v16/ui.pb.h"
#include "tests/support/fake_clock.h"
#include "tests/unit/daemon/fake_gui_wire.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FakeHost final : public GuiHost {
 public:
  GuiNode Node() override { return {.host_name = "host"}; }
  GuiStatistics Statistics() override { return {.version = "1.5.8"}; }
  void OnDelivered() override { ++delivered; }
  void OnNotification(GuiDialect /*dialect*/, GuiNotification notification) override {
    notifications.push_back(std::move(notification));
  }
  void OnAnswer(std::uint64_t question, tl::expected<Rule, std::string> answer) override {
    answers.emplace(question, std::move(answer));
  }
  int delivered = 0;
  std::vector<GuiNotification> notifications;
  std::map<std::uint64_t, tl::expected<Rule, std::string>> answers;
};

Rule ARule() {
  return {.name = "allow-curl",
          .enabled = true,
          .action = RuleAction::kAllow,
          .duration = "once",
          .op = {.type = "simple", .operand = "process.path", .data = "/usr/bin/curl"}};
}

template <typename Message>
std::string BytesOfRule(const Rule& rule) {
  Message message;
  FillRule(rule, message);
  return message.SerializeAsString();
}

class SessionTest : public testing::Test {
 protected:
  void Begin(std::optional<GuiDialect> dialect = std::nullopt) {
    session_ = std::make_unique<OpensnitchSession>(
        OpensnitchSession::Parts{wire_, host_, clock_, dialect});
  }
  void Arrive(Arrival arrival) {
    wire_.arrivals.push_back(std::move(arrival));
    session_->Work();
  }
  // The last call has come to that end.
  void Answer(CallResult result, std::string reply = "") {
    Arrive(CallEnded{wire_.calls.size(), result, std::move(reply), "why"});
  }
  // As far as a conversation with a GUI of that dialect; its first ping is under way.
  void Open(GuiDialect dialect = GuiDialect::k15) {
    Begin(dialect);
    Answer(CallResult::kOk);
  }
  bool Ask(std::uint64_t question) {
    return session_->Ask(question, {connection_, attribution_, ""}, std::chrono::seconds(1));
  }
  std::vector<std::string> Methods() const {
    std::vector<std::string> methods;
    for (const auto& call : wire_.calls) methods.push_back(call.method);
    return methods;
  }
  std::string NoAnswer(std::uint64_t question) {
    const auto found = host_.answers.find(question);
    if (found == host_.answers.end()) return "none yet";
    return found->second ? "a rule" : found->second.error();
  }

  const Connection connection_{};
  const Attribution attribution_{};
  FakeClock clock_;
  FakeGuiWire wire_;
  FakeHost host_;
  std::unique_ptr<OpensnitchSession> session_;
};

TEST_F(SessionTest, FindsOutThatAGuiIsOldByWhatItDoesNotKnow) {
  Begin();
  Answer(CallResult::kNoSuchMethod);
  EXPECT_EQ(session_->Dialect(), GuiDialect::k15);
  EXPECT_THAT(Methods(), ElementsAre(kGuiPostAlert, kGuiSubscribe));
}

TEST_F(SessionTest, FindsOutThatAGuiIsNew) {
  Begin();
  Answer(CallResult::kOk);
  EXPECT_EQ(session_->Dialect(), GuiDialect::k16);
  EXPECT_THAT(Methods(), ElementsAre(kGuiPostAlert, kGuiSubscribe));
}

TEST_F(SessionTest, DoesNotProbeWhatItIsTold) {
  Begin(GuiDialect::k16);
  EXPECT_THAT(Methods(), ElementsAre(kGuiSubscribe));
  opensnitch::v16::ClientConfig node;
  ASSERT_TRUE(node.ParseFromString(wire_.calls[0].request));
  EXPECT_EQ(node.name(), "host");
}

TEST_F(SessionTest, EndsWhenNobodyAnswersTheProbe) {
  for (const CallResult result : {CallResult::kTimedOut, CallResult::kFailed}) {
    Begin();
    Answer(result);
    EXPECT_TRUE(session_->HasEnded());
    EXPECT_EQ(session_->WhyEnded(), "it does not answer: why");
  }
}

TEST_F(SessionTest, EndsWhenItMayNotSubscribe) {
  Begin(GuiDialect::k15);
  Answer(CallResult::kFailed);
  EXPECT_TRUE(session_->HasEnded());
}

TEST_F(SessionTest, OpensTheStreamSaysHelloAndPingsAtOnce) {
  Open();
  EXPECT_TRUE(session_->IsOpen());
  EXPECT_EQ(wire_.stream, kGuiNotifications);
  EXPECT_THAT(wire_.written, ElementsAre(ReplyMessage(GuiDialect::k15, {})));
  EXPECT_EQ(Methods().back(), kGuiPing);
}

TEST_F(SessionTest, PingsEachSecondButOnlyOneAtATime) {
  Open();
  const std::size_t before = wire_.calls.size();
  clock_.Advance(std::chrono::seconds(1));
  session_->Work();
  EXPECT_EQ(wire_.calls.size(), before);  // the first is under way
  Answer(CallResult::kOk);
  EXPECT_EQ(host_.delivered, 1);
  clock_.Advance(std::chrono::seconds(1));
  session_->Work();
  EXPECT_EQ(wire_.calls.size(), before + 1);
}

TEST_F(SessionTest, EndsWhenPingsFailInARow) {
  Open();
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(session_->HasEnded());
    Answer(CallResult::kTimedOut);
    clock_.Advance(std::chrono::seconds(1));
    session_->Work();
  }
  EXPECT_TRUE(session_->HasEnded());
  EXPECT_EQ(host_.delivered, 0);
}

TEST_F(SessionTest, PassesOnWhatTheGuiWants) {
  Open();
  opensnitch::v15::Notification wanted;
  wanted.set_id(5);
  wanted.set_type(opensnitch::v15::ACTION_CHANGE_CONFIG);
  Arrive(StreamSaid{wanted.SerializeAsString()});
  EXPECT_THAT(host_.notifications,
              ElementsAre(GuiNotification{.id = 5, .command = GuiCommand::kChangeConfig}));
}

TEST_F(SessionTest, EndsWithTheGui) {
  Open();
  Arrive(StreamSaid{opensnitch::v15::Notification().SerializeAsString()});
  EXPECT_TRUE(session_->HasEnded());
  Open();
  Arrive(StreamEnded{true, ""});
  EXPECT_TRUE(session_->HasEnded());
  Open();
  Arrive(StreamEnded{false, "lost"});
  EXPECT_THAT(session_->WhyEnded(), HasSubstr("lost"));
}

TEST_F(SessionTest, EndsOnANotificationThatIsNone) {
  Open();
  Arrive(StreamSaid{"\xff\xff"});
  EXPECT_TRUE(session_->HasEnded());
}

TEST_F(SessionTest, EndsWhenItsRepliesAreNotRead) {
  Open();
  wire_.is_stuck = true;
  session_->Reply({.id = 1});
  EXPECT_TRUE(session_->HasEnded());
}

TEST_F(SessionTest, AsksAndPassesOnTheAnswer) {
  Open();
  ASSERT_TRUE(Ask(7));
  EXPECT_EQ(Methods().back(), kGuiAskRule);
  Answer(CallResult::kOk, BytesOfRule<opensnitch::v15::Rule>(ARule()));
  ASSERT_TRUE(host_.answers.contains(7));
  EXPECT_EQ(host_.answers.at(7), ARule());
}

TEST_F(SessionTest, AsksAFewAtATime) {
  Open();
  for (std::uint64_t question = 1; question <= OpensnitchSession::kMostQuestions; ++question) {
    EXPECT_TRUE(Ask(question));
  }
  EXPECT_FALSE(Ask(99));
  Answer(CallResult::kFailed);
  EXPECT_TRUE(Ask(99));
}

TEST_F(SessionTest, CannotAskBeforeItIsOpen) {
  Begin();
  EXPECT_FALSE(Ask(1));
}

TEST_F(SessionTest, HasNoAnswerWhereTheGuiFailsOrTalksNonsense) {
  Open();
  ASSERT_TRUE(Ask(1));
  Answer(CallResult::kFailed);
  EXPECT_EQ(NoAnswer(1), "why");
  ASSERT_TRUE(Ask(2));
  Answer(CallResult::kOk, "\xff\xff\xff");
  EXPECT_EQ(NoAnswer(2), "the answer is no rule");
  ASSERT_TRUE(Ask(3));
  Answer(CallResult::kOk, "");
  EXPECT_EQ(NoAnswer(3), "the rule has no name");
  Rule rule = ARule();
  rule.enabled = false;
  ASSERT_TRUE(Ask(4));
  Answer(CallResult::kOk, BytesOfRule<opensnitch::v15::Rule>(rule));
  EXPECT_EQ(NoAnswer(4), "the answer is a disabled rule");
}

TEST_F(SessionTest, SaysWhenTheAnswerIsInTheOtherDialect) {
  Open(GuiDialect::k15);
  ASSERT_TRUE(Ask(1));
  Answer(CallResult::kOk, BytesOfRule<opensnitch::v16::Rule>(ARule()));
  EXPECT_THAT(NoAnswer(1), HasSubstr("set Procwall.UiProtocol to \"1.6+\""));
}

TEST_F(SessionTest, CancelsWhatNobodyWaitsForAnyMore) {
  Open();
  ASSERT_TRUE(Ask(1));
  session_->Forget(1);
  EXPECT_THAT(wire_.cancelled, ElementsAre(wire_.calls.size()));
  Answer(CallResult::kOk, BytesOfRule<opensnitch::v15::Rule>(ARule()));
  EXPECT_TRUE(host_.answers.empty());
}

TEST_F(SessionTest, HasNoAnswersWhenItEnds) {
  Open();
  ASSERT_TRUE(Ask(1));
  Arrive(StreamEnded{true, ""});
  EXPECT_THAT(NoAnswer(1), HasSubstr("the GUI has gone"));
  EXPECT_FALSE(Ask(2));
}

TEST_F(SessionTest, AlertsOnlyThoseWhoKnowAlerts) {
  Open(GuiDialect::k15);
  session_->Alert({.text = "x"});
  EXPECT_NE(Methods().back(), kGuiPostAlert);
  Open(GuiDialect::k16);
  session_->Alert({.text = "x"});
  EXPECT_EQ(Methods().back(), kGuiPostAlert);
}

}  // namespace
}  // namespace procwall
