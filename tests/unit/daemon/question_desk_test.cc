// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/question_desk.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_asker.h"
#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using ReceiptKind = AnswerReceipt::Kind;

QuestionPtr QuestionWithId(QuestionId id, std::size_t packets = 1) {
  auto question = std::make_shared<Question>();
  question->id = id;
  question->connection.remote = {IpAddress::V4({192, 0, 2, 1}), 443};
  question->attribution = std::make_shared<const Attribution>();
  question->packets = packets;
  return question;
}

Rule AllowAll(const std::string& duration) {
  return {.name = "yes",
          .enabled = true,
          .action = RuleAction::kAllow,
          .duration = duration,
          .op = {"simple", "true", ""}};
}

const Settlement kLate{SettledHow::kTimedOut, "", nullptr, ""};

class QuestionDeskTest : public testing::Test {
 protected:
  std::shared_ptr<FakeAsker> Attach(const char* name) const {
    auto asker = std::make_shared<FakeAsker>(name);
    EXPECT_TRUE(desk->Attach(asker));
    return asker;
  }
  // Another desk, for so many packet threads.
  void StartFor(int lanes) {
    desk.reset();
    for (int i = 0; i < lanes; ++i) wakeups.push_back(Wakeup::Create().value());
    desk = QuestionDesk::Start(Lanes(wakeups), clock, changes).value();
  }
  // The only change of rules that waits, made with this outcome.
  Rule Change(RuleChange::Outcome outcome) {
    auto waiting = changes.TakeAll();
    EXPECT_THAT(waiting, SizeIs(1));
    waiting.front().done(outcome);
    return waiting.front().rule;
  }

  FakeClock clock;
  Wakeup verdicts_ready = Wakeup::Create().value();
  std::vector<Wakeup> wakeups;
  RuleChanges changes{Wakeup::Create().value()};
  std::unique_ptr<QuestionDesk> desk = QuestionDesk::Start(verdicts_ready, clock, changes).value();
};

TEST_F(QuestionDeskTest, AsksEverybody) {
  const auto a = Attach("a");
  const auto b = Attach("b");
  EXPECT_TRUE(desk->Ask(QuestionWithId(1)));
  EXPECT_THAT(a->Heard(1), ElementsAre("ask 1 192.0.2.1:443"));
  EXPECT_THAT(b->Heard(1), ElementsAre("ask 1 192.0.2.1:443"));
}

TEST_F(QuestionDeskTest, AsksALateComerWhatIsOpen) {
  const auto a = Attach("a");
  ASSERT_TRUE(desk->Ask(QuestionWithId(1)));
  ASSERT_TRUE(desk->Ask(QuestionWithId(2)));
  desk->Settle(1, kLate);
  const auto b = Attach("b");
  desk->Settle(2, kLate);
  EXPECT_THAT(b->Heard(2), ElementsAre("ask 2 192.0.2.1:443", "settled 2 timed-out"));
}

TEST_F(QuestionDeskTest, TheFirstAnswerWins) {
  const auto a = Attach("a");
  const auto b = Attach("b");
  ASSERT_TRUE(desk->Ask(QuestionWithId(1)));
  EXPECT_EQ(desk->Answer(1, a, {}), AnswerReceipt());
  EXPECT_EQ(desk->Answer(1, b, {}), (AnswerReceipt{ReceiptKind::kTooLate, "answered by a"}));
  EXPECT_TRUE(desk->IsAnswered(1));
  EXPECT_THAT(desk->TakeVerdicts(), SizeIs(1));
}

TEST_F(QuestionDeskTest, AVerdictGoesToThePacketThreadThatAsked) {
  StartFor(2);
  const auto a = Attach("a");
  const QuestionId first = desk->NewId();
  const QuestionId second = desk->NewId();
  EXPECT_NE(first, second);
  ASSERT_TRUE(desk->Ask(QuestionWithId(first), 0));
  ASSERT_TRUE(desk->Ask(QuestionWithId(second), 1));
  EXPECT_EQ(desk->Answer(second, a, {}).kind, ReceiptKind::kTaken);
  EXPECT_FALSE(desk->HasVerdicts(0));
  ASSERT_TRUE(desk->HasVerdicts(1));
  EXPECT_EQ(desk->TakeVerdicts(1).front().id, second);
}

TEST_F(QuestionDeskTest, WhatTwoPacketThreadsAskIsAskedOnceAndAnsweredToBoth) {
  StartFor(3);
  const auto a = Attach("a");
  EXPECT_EQ(desk->Ask(QuestionWithId(1), 0, "k"), 1U);
  EXPECT_EQ(desk->Ask(QuestionWithId(2), 1, "k"), 1U);
  EXPECT_EQ(desk->OpenCount(), 1U);
  EXPECT_THAT(a->Heard(2), ElementsAre("ask 1 192.0.2.1:443", "change 1 packets 2 flows 2"));
  ASSERT_EQ(desk->Answer(1, a, {AllowAll("once")}).kind, ReceiptKind::kTaken);
  EXPECT_EQ(desk->Ask(QuestionWithId(3), 2, "k"), 3U);  // too late for that answer
  EXPECT_THAT(desk->TakeVerdicts(0), SizeIs(1));
  EXPECT_THAT(desk->TakeVerdicts(1), SizeIs(1));
  EXPECT_THAT(desk->TakeVerdicts(2), IsEmpty());
  EXPECT_FALSE(desk->Settle(1, {SettledHow::kAnswered, "a", nullptr, ""}, 0));
  EXPECT_TRUE(desk->Settle(1, {SettledHow::kAnswered, "a", nullptr, ""}, 1));
  EXPECT_EQ(desk->OpenCount(), 1U);
}

TEST_F(QuestionDeskTest, WhoAsksTheSameWhileTheRuleIsOnItsWayGetsTheVerdictToo) {
  StartFor(2);
  const auto a = Attach("a");
  EXPECT_EQ(desk->Ask(QuestionWithId(1), 0, "k"), 1U);
  ASSERT_EQ(desk->Answer(1, a, {AllowAll("always")}).kind, ReceiptKind::kTaken);
  EXPECT_EQ(desk->Ask(QuestionWithId(2), 1, "k"), 1U);
  Change(RuleChange::Done{std::make_shared<const Rule>(AllowAll("always")), ""});
  EXPECT_THAT(desk->TakeVerdicts(0), SizeIs(1));
  EXPECT_THAT(desk->TakeVerdicts(1), SizeIs(1));
}

TEST_F(QuestionDeskTest, TellsEverybodyWhoAnswered) {
  const auto a = Attach("a");
  const auto b = Attach("b");
  ASSERT_TRUE(desk->Ask(QuestionWithId(1)));
  ASSERT_EQ(desk->Answer(1, a, {}).kind, ReceiptKind::kTaken);
  desk->Settle(1, desk->TakeVerdicts().front().settlement);
  EXPECT_THAT(a->Heard(2), ElementsAre(testing::_, "settled 1 answered by a"));
  EXPECT_THAT(b->Heard(2), ElementsAre(testing::_, "settled 1 answered by a"));
}

TEST_F(QuestionDeskTest, AnAnswerAfterTheEndIsTooLateAndSaysWhy) {
  const auto a = Attach("a");
  ASSERT_TRUE(desk->Ask(QuestionWithId(1)));
  desk->Settle(1, kLate);
  EXPECT_EQ(desk->Answer(1, a, {}), (AnswerReceipt{ReceiptKind::kTooLate, "settled: timed-out"}));
  EXPECT_EQ(desk->Answer(2, a, {}), (AnswerReceipt{ReceiptKind::kNotAsked, "no such question"}));
}

TEST_F(QuestionDeskTest, ARuleThatHoldsOnceIsForThePacketThreadAlone) {
  const auto a = Attach("a");
  ASSERT_TRUE(desk->Ask(QuestionWithId(1)));
  ASSERT_EQ(desk->Answer(1, a, {AllowAll("once")}).kind, ReceiptKind::kTaken);
  EXPECT_THAT(changes.TakeAll(), IsEmpty());
  const auto verdicts = desk->TakeVerdicts();
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_EQ(verdicts.front().once->Size(), 1U);
  EXPECT_EQ(verdicts.front().settlement.rule->name, "yes");
}

TEST_F(QuestionDeskTest, ARuleThatLastsIsInForceBeforeThePacketThreadHearsOfIt) {
  const auto a = Attach("a");
  ASSERT_TRUE(desk->Ask(QuestionWithId(1)));
  ASSERT_EQ(desk->Answer(1, a, {AllowAll("always")}).kind, ReceiptKind::kTaken);
  EXPECT_THAT(desk->TakeVerdicts(), IsEmpty());
  const auto in_force = std::make_shared<const Rule>(AllowAll("always"));
  EXPECT_EQ(Change(RuleChange::Done{in_force, "saved"}), AllowAll("always"));
  const auto verdicts = desk->TakeVerdicts();
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_EQ(verdicts.front().once, nullptr);
  EXPECT_EQ(verdicts.front().settlement,
            (Settlement{SettledHow::kAnswered, "a", in_force, "saved"}));
}

TEST_F(QuestionDeskTest, ARuleThatCannotBeKeptHoldsOnce) {
  const auto a = Attach("a");
  ASSERT_TRUE(desk->Ask(QuestionWithId(1)));
  ASSERT_EQ(desk->Answer(1, a, {AllowAll("always")}).kind, ReceiptKind::kTaken);
  Change(tl::unexpected(RuleRefusal{RuleRefusal::Kind::kFailed, "the disk is full"}));
  const auto verdicts = desk->TakeVerdicts();
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_NE(verdicts.front().once, nullptr);
  EXPECT_EQ(verdicts.front().settlement.note, "for this once only: the disk is full");
}

TEST_F(QuestionDeskTest, ARuleThatCannotBeUsedLeavesTheQuestionOpen) {
  const auto a = Attach("a");
  ASSERT_TRUE(desk->Ask(QuestionWithId(1)));
  Rule broken = AllowAll("once");
  broken.op = {"regexp", "process.path", "("};
  EXPECT_EQ(desk->Answer(1, a, {broken}).kind, ReceiptKind::kInvalid);
  Rule nameless = AllowAll("once");
  nameless.name = "";
  EXPECT_EQ(desk->Answer(1, a, {nameless}),
            (AnswerReceipt{ReceiptKind::kInvalid, "the rule has no name"}));
  EXPECT_EQ(desk->Answer(1, a, {AllowAll("once")}).kind, ReceiptKind::kTaken);
}

TEST_F(QuestionDeskTest, ARuleThatIsSwitchedOffMeansTheDefault) {
  const auto a = Attach("a");
  ASSERT_TRUE(desk->Ask(QuestionWithId(1)));
  Rule off = AllowAll("always");
  off.enabled = false;
  ASSERT_EQ(desk->Answer(1, a, {off}).kind, ReceiptKind::kTaken);
  const auto verdicts = desk->TakeVerdicts();
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_EQ(verdicts.front().once, nullptr);
  EXPECT_EQ(verdicts.front().settlement.rule, nullptr);
}

TEST_F(QuestionDeskTest, KnowsWhetherAnybodyIsThere) {
  EXPECT_FALSE(desk->HasAskers());
  const auto a = Attach("a");
  EXPECT_TRUE(desk->HasAskers());
  desk->Detach(a);
  EXPECT_FALSE(desk->HasAskers());
}

TEST_F(QuestionDeskTest, WhoHasLeftIsToldNothing) {
  const auto a = Attach("a");
  const auto b = Attach("b");
  desk->Detach(a);
  ASSERT_TRUE(desk->Ask(QuestionWithId(1)));
  EXPECT_THAT(b->Heard(1), SizeIs(1));
  EXPECT_THAT(a->Heard(0), IsEmpty());
}

TEST_F(QuestionDeskTest, RefusesTooManyAskers) {
  std::vector<std::shared_ptr<FakeAsker>> askers;
  for (std::size_t i = 0; i < QuestionDesk::kMaxAskers; ++i) askers.push_back(Attach("a"));
  EXPECT_FALSE(desk->Attach(std::make_shared<FakeAsker>("one more")));
}

TEST_F(QuestionDeskTest, RefusesTooManyQuestions) {
  for (QuestionId id = 1; id <= QuestionDesk::kMaxOpen; ++id) {
    ASSERT_TRUE(desk->Ask(QuestionWithId(id)));
  }
  EXPECT_FALSE(desk->Ask(QuestionWithId(QuestionDesk::kMaxOpen + 1)));
  desk->Settle(1, kLate);
  EXPECT_TRUE(desk->Ask(QuestionWithId(QuestionDesk::kMaxOpen + 1)));
}

TEST_F(QuestionDeskTest, TellsTheOthersWhoLooks) {
  const auto a = Attach("a");
  const auto b = Attach("b");
  ASSERT_TRUE(desk->Ask(QuestionWithId(1)));
  desk->Claim(1, a);
  desk->Settle(1, kLate);
  EXPECT_THAT(b->Heard(3), ElementsAre(testing::_, "claimed 1 by a", "settled 1 timed-out"));
  EXPECT_THAT(a->Heard(2), ElementsAre(testing::_, "settled 1 timed-out"));
}

// Holds up the desk's thread until it is let go.
class SlowAsker final : public Asker {
 public:
  std::string Name() const override { return "slow"; }
  void Ask(const QuestionPtr&) override {
    is_asked.store(true);
    while (!may_go.load()) std::this_thread::yield();
  }
  void Settled(QuestionId, const Settlement&) override {}

  std::atomic<bool> is_asked{false};
  std::atomic<bool> may_go{false};
};

TEST_F(QuestionDeskTest, ManyChangesBecomeOneWhileTheDeskIsBusy) {
  const auto slow = std::make_shared<SlowAsker>();
  ASSERT_TRUE(desk->Attach(slow));
  const auto a = Attach("a");
  ASSERT_TRUE(desk->Ask(QuestionWithId(1)));
  while (!slow->is_asked.load()) std::this_thread::yield();
  for (std::size_t packets = 2; packets < 100; ++packets) desk->Change(QuestionWithId(1, packets));
  desk->Settle(1, kLate);
  slow->may_go.store(true);
  EXPECT_THAT(a->Heard(2), ElementsAre(testing::_, "settled 1 timed-out"));
}

TEST_F(QuestionDeskTest, AnAskerThatBlocksMakesItRefuseNewQuestionsAtLast) {
  const auto slow = std::make_shared<SlowAsker>();
  ASSERT_TRUE(desk->Attach(slow));
  ASSERT_TRUE(desk->Ask(QuestionWithId(1)));
  while (!slow->is_asked.load()) std::this_thread::yield();
  QuestionId id = 2;
  for (; desk->Ask(QuestionWithId(id)); ++id) desk->Settle(id, kLate);
  EXPECT_LE(id, QuestionDesk::kMaxOpen);
  slow->may_go.store(true);
}

TEST_F(QuestionDeskTest, OfManyAnswersAtOnceOneIsTaken) {
  const auto a = Attach("a");
  ASSERT_TRUE(desk->Ask(QuestionWithId(1)));
  std::atomic<int> taken{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 5; ++i) {
      threads.emplace_back([&] {
        if (desk->Answer(1, a, {AllowAll("once")}).kind == ReceiptKind::kTaken) ++taken;
      });
    }
  }
  EXPECT_EQ(taken.load(), 1);
  EXPECT_THAT(desk->TakeVerdicts(), SizeIs(1));
}

}  // namespace
}  // namespace procwall
