// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/ask_dialogue.h"

#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What the dialogue says to the daemon is told as texts: "claim 1", "1 allow once", "1 default".
class AskDialogueTest : public testing::Test {
 protected:
  std::vector<std::string> Hear(const std::string& response) {
    return Texts(dialogue.OnResponse(FromText<v1::QuestionsResponse>(response), now));
  }
  std::vector<std::string> Asked(std::uint64_t id) {
    v1::QuestionsResponse response;
    response.mutable_asked()->set_id(id);
    *response.mutable_asked()->mutable_event() = SampleEvent();
    return Texts(dialogue.OnResponse(response, now));
  }
  // Some time after the last thing that happened.
  std::vector<std::string> Type(char character) {
    now += std::chrono::seconds(1);
    return Texts(dialogue.OnKey({Key::Kind::kCharacter, character}, now));
  }
  std::vector<std::string> Press(Key::Kind kind) {
    now += std::chrono::seconds(1);
    return Texts(dialogue.OnKey({kind, '\0'}, now));
  }

  AskDialogue dialogue;
  AskDialogue::Time now{};

 private:
  static std::vector<std::string> Texts(const AskDialogue::Effects& effects) {
    std::vector<std::string> texts;
    for (const v1::QuestionsRequest& request : effects.say) {
      const v1::AnswerQuestion& answer = request.answer();
      if (request.has_claim()) texts.push_back(fmt::format("claim {}", request.claim().id()));
      if (answer.default_action()) texts.push_back(fmt::format("{} default", answer.id()));
      if (!answer.has_rule()) continue;
      texts.push_back(fmt::format("{} {} {}: {}", answer.id(), answer.rule().action(),
                                  answer.rule().duration(), answer.rule().description()));
    }
    if (effects.quit) texts.push_back("quit");
    return texts;
  }
};

TEST_F(AskDialogueTest, LooksAtTheFirstQuestionAndSaysSo) {
  EXPECT_THAT(Asked(1), ElementsAre("claim 1"));
  EXPECT_THAT(Asked(2), IsEmpty());
}

TEST_F(AskDialogueTest, OneKeyAnswersAndGoesOnToTheNext) {
  Asked(1);
  Asked(2);
  EXPECT_THAT(Type('1'),
              ElementsAre("1 allow once: this program to example.org port 443", "claim 2"));
  EXPECT_THAT(Type('7'), ElementsAre("2 deny until restart: this program to example.org port 443"));
  EXPECT_EQ(dialogue.Selected(), nullptr);
}

TEST_F(AskDialogueTest, AnotherReachMakesAnotherRule) {
  Asked(1);
  Type('s');
  EXPECT_THAT(Type('2'), ElementsAre("1 allow 15m: this program to example.org"));
}

TEST_F(AskDialogueTest, WhatIsSavedIsShownBefore) {
  Asked(1);
  EXPECT_THAT(Type('4'), IsEmpty());
  ASSERT_TRUE(dialogue.Unconfirmed());
  EXPECT_EQ(dialogue.Unconfirmed()->name, "allow-always-curl-example.org-443");
  EXPECT_THAT(Press(Key::Kind::kEnter),
              ElementsAre("1 allow always: this program to example.org port 443"));
}

TEST_F(AskDialogueTest, EscapeDoesNotSave) {
  Asked(1);
  Type('8');
  Press(Key::Kind::kEscape);
  EXPECT_THAT(Press(Key::Kind::kEnter), IsEmpty());
  EXPECT_NE(dialogue.Selected(), nullptr);
}

TEST_F(AskDialogueTest, TheDefaultIsAKey) {
  Asked(1);
  EXPECT_THAT(Type('x'), ElementsAre("1 default"));
}

TEST_F(AskDialogueTest, ArrowsGoToOtherQuestions) {
  for (const std::uint64_t id : {1, 2, 3}) Asked(id);
  EXPECT_THAT(Press(Key::Kind::kDown), ElementsAre("claim 2"));
  EXPECT_THAT(Type('j'), ElementsAre("claim 3"));
  EXPECT_THAT(Press(Key::Kind::kDown), IsEmpty());
  EXPECT_THAT(Press(Key::Kind::kUp), ElementsAre("claim 2"));
}

TEST_F(AskDialogueTest, AQuestionThatIsSettledElsewhereIsToldAndGoes) {
  Asked(1);
  Asked(2);
  Hear(R"(settled { id: 1 how: SETTLED_ANSWERED by: "bob"
                    rule { action: "deny" duration: "once" } })");
  EXPECT_EQ(dialogue.Items().size(), 1U);
  EXPECT_EQ(dialogue.Selected()->question.id(), 2U);
  EXPECT_THAT(dialogue.News(), ElementsAre("curl to example.org:443: deny once by bob"));
}

TEST_F(AskDialogueTest, AQuestionThatSlipsUnderTheFingersIsNotAnsweredByAccident) {
  Asked(1);
  Asked(2);
  now += std::chrono::seconds(1);
  Hear("settled { id: 1 how: SETTLED_TIMED_OUT }");
  const Key allow{Key::Kind::kCharacter, '1'};
  EXPECT_THAT(dialogue.OnKey(allow, now + std::chrono::milliseconds(100)).say, IsEmpty());
  EXPECT_THAT(Type('1'), testing::SizeIs(1));
}

TEST_F(AskDialogueTest, OwnAnswersAreNoNewsUnlessSomethingWentWrong) {
  Hear(R"(welcome { name: "me" })");
  Asked(1);
  Asked(2);
  Type('1');
  Type('4');
  Press(Key::Kind::kEnter);
  Hear(R"(settled { id: 1 how: SETTLED_ANSWERED by: "me" })");
  EXPECT_THAT(dialogue.News(), IsEmpty());
  Hear(R"(settled { id: 2 how: SETTLED_ANSWERED by: "me" note: "not saved" })");
  EXPECT_THAT(dialogue.News(),
              ElementsAre("curl to example.org:443: the default by me, not saved"));
}

TEST_F(AskDialogueTest, AnAnswerThatIsRefusedCanBeGivenAgain) {
  Asked(1);
  Type('1');
  Hear(R"(receipt { id: 1 kind: KIND_INVALID what: "no" })");
  ASSERT_NE(dialogue.Selected(), nullptr);
  EXPECT_FALSE(dialogue.Selected()->is_answered);
  EXPECT_THAT(dialogue.News(), ElementsAre("no"));
}

TEST_F(AskDialogueTest, KnowsWhoElseLooksAndHowManyWait) {
  Asked(1);
  Hear(R"(claimed { id: 1 by: "bob" })");
  EXPECT_EQ(dialogue.Selected()->claimed_by, "bob");
  Hear("changed { id: 1 flows: 3 }");
  EXPECT_EQ(dialogue.Selected()->question.flows(), 3U);
}

TEST_F(AskDialogueTest, Quits) {
  EXPECT_THAT(Type('q'), ElementsAre("quit"));
  EXPECT_THAT(Press(Key::Kind::kInterrupt), ElementsAre("quit"));
}

TEST_F(AskDialogueTest, KeysWithoutAQuestionDoNothing) {
  for (const char key : std::string("12345678sxejk")) EXPECT_THAT(Type(key), IsEmpty());
  EXPECT_THAT(Press(Key::Kind::kEnter), IsEmpty());
}

TEST_F(AskDialogueTest, WhatTheDaemonSaysOfUnknownQuestionsIsPassedOver) {
  EXPECT_THAT(Hear("settled { id: 9 }"), IsEmpty());
  EXPECT_THAT(Hear("changed { id: 9 }"), IsEmpty());
  EXPECT_THAT(Hear("claimed { id: 9 }"), IsEmpty());
}

}  // namespace
}  // namespace procwall
