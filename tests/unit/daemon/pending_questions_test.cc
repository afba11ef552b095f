// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/pending_questions.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_asker.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_verdicts.h"

namespace procwall {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using Rules = PendingQuestions::Rules;

// Somebody is there to be asked. What goes on is told as texts: "5 deny no-answer", "5 judge".
class PendingQuestionsTest : public testing::Test {
 protected:
  PendingQuestionsTest() { EXPECT_TRUE(desk->Attach(asker)); }
  ~PendingQuestionsTest() override { EXPECT_EQ(counters.asked.Get(), counters.parked.Get()); }

  PendingQuestions& pending() {
    if (!pending_) {
      pending_ = std::make_unique<PendingQuestions>(*desk, clock, counters, policy, limits);
    }
    return *pending_;
  }
  Walk Packet(std::uint32_t id, const std::string& program, Port port, Port from = 40000) {
    Process process;
    process.id = {100, 1};
    process.path = program;
    Walk walk{.held = HeldPacket(verdicts, id, Verdict::kDrop), .received = clock.Now()};
    walk.bytes = 60;
    walk.connection.local = {IpAddress::V4({10, 0, 0, 2}), from};
    walk.connection.remote = {IpAddress::V4({192, 0, 2, 1}), port};
    walk.attribution.confidence = Confidence::kCertain;
    walk.attribution.processes = {std::make_shared<const Process>(std::move(process))};
    return walk;
  }
  // "waits", or what is done instead.
  std::string Hold(Walk walk) {
    const auto instead = pending().Hold(walk);
    return instead ? TextOf(*instead) : "waits";
  }
  std::vector<std::string> Release(Rules rules = Rules::kSame) {
    std::vector<std::string> texts;
    pending().Release(rules, [&](Walk walk, const std::optional<Judgement>& judged) {
      texts.push_back(fmt::format("{} {}", walk.held.Id(), judged ? TextOf(*judged) : "judge"));
      std::move(walk.held).Answer(Verdict::kDrop);
    });
    return texts;
  }
  // Judged by rules that still say nothing.
  void ReleaseAndHoldAgain() {
    pending().Release(Rules::kChanged, [&](Walk walk, const std::optional<Judgement>& judged) {
      EXPECT_FALSE(judged);
      EXPECT_FALSE(pending().Hold(walk));
    });
  }
  void Answer(QuestionId id, QuestionAnswer answer) {
    EXPECT_EQ(desk->Answer(id, asker, std::move(answer)).kind, AnswerReceipt::Kind::kTaken);
  }
  static Rule Once(const std::string& operand, const std::string& data) {
    return {.name = "once",
            .enabled = true,
            .action = RuleAction::kAllow,
            .duration = "once",
            .op = {"simple", operand, data}};
  }

  FakeClock clock;
  FakeVerdicts verdicts;
  Counters counters;
  QuestionPolicy policy;
  QuestionLimits limits;
  RuleChanges changes{Wakeup::Create().value()};
  Wakeup verdicts_ready = Wakeup::Create().value();
  std::unique_ptr<QuestionDesk> desk = QuestionDesk::Start(verdicts_ready, clock, changes).value();
  std::shared_ptr<FakeAsker> asker = std::make_shared<FakeAsker>("a");

 private:
  static std::string TextOf(const Judgement& judged) {
    const char* reason = "?";
    switch (judged.reason) {
      case EventReason::kRule:
        reason = "rule";
        break;
      case EventReason::kDefaultAction:
        reason = "default";
        break;
      case EventReason::kAnswer:
        reason = "answer";
        break;
      case EventReason::kNoAnswer:
        reason = "no-answer";
        break;
      case EventReason::kTooManyQuestions:
        reason = "too-many";
        break;
      case EventReason::kNoTime:
        reason = "no-time";
        break;
    }
    return fmt::format("{} {}", RuleActionName(judged.action), reason);
  }

  std::unique_ptr<PendingQuestions> pending_;  // dies before the verdicts
};

TEST_F(PendingQuestionsTest, APacketWaitsForAPerson) {
  EXPECT_EQ(Hold(Packet(1, "/a", 443)), "waits");
  EXPECT_THAT(asker->Heard(1), ElementsAre("ask 1 192.0.2.1:443"));
  EXPECT_THAT(Release(), IsEmpty());
  EXPECT_THAT(verdicts.All(), IsEmpty());
  EXPECT_EQ(counters.asked.Get(), 1U);
  EXPECT_EQ(counters.questions.Get(), 1U);
}

TEST_F(PendingQuestionsTest, WithNobodyThereTheDeclaredActionIsDoneAtOnce) {
  policy.unasked_action = RuleAction::kReject;
  desk->Detach(asker);
  EXPECT_EQ(Hold(Packet(1, "/a", 443)), "reject default");
}

TEST_F(PendingQuestionsTest, UnknownProgramsAreAskedAboutOnlyIfThatIsWanted) {
  policy.ask_unknown = false;
  Walk walk = Packet(1, "/a", 443);
  walk.attribution = {};
  EXPECT_EQ(Hold(std::move(walk)), "deny default");
}

TEST_F(PendingQuestionsTest, RetransmissionsAndSiblingsJoin) {
  Hold(Packet(1, "/a", 443));
  Hold(Packet(2, "/a", 443));
  Hold(Packet(3, "/a", 443, 40001));
  pending().TellChanges();
  EXPECT_THAT(asker->Heard(2), ElementsAre("ask 1 192.0.2.1:443", "change 1 packets 3 flows 2"));
  EXPECT_EQ(counters.questions.Get(), 1U);
}

TEST_F(PendingQuestionsTest, AnAnswerLetsAllOfItsPacketsGoAndNoOthers) {
  Hold(Packet(1, "/a", 443));
  Hold(Packet(2, "/b", 443));
  Hold(Packet(3, "/a", 443, 40001));
  Answer(1, {Once("process.path", "/a")});
  EXPECT_THAT(Release(), ElementsAre("1 allow answer", "3 allow answer"));
  EXPECT_EQ(counters.asked.Get(), 1U);
  EXPECT_EQ(asker->Heard(3).back(), "settled 1 answered by a");
}

TEST_F(PendingQuestionsTest, WhatIsAnsweredForOnceHoldsForTheWholeConnection) {
  Hold(Packet(1, "/a", 443));
  Answer(1, {Once("process.path", "/a")});
  Release();
  EXPECT_EQ(Hold(Packet(2, "/a", 443)), "allow answer");
  EXPECT_EQ(Hold(Packet(3, "/a", 443, 40001)), "waits");
}

TEST_F(PendingQuestionsTest, AnAnswerThatLastsTellsWhoGaveItAlthoughTheRulesComeFirst) {
  Hold(Packet(1, "/a", 443));
  Rule always = Once("process.path", "/a");
  always.duration = "always";
  Answer(1, {always});
  EXPECT_THAT(Release(Rules::kChanged), ElementsAre("1 judge"));
  for (RuleChange& change : changes.TakeAll()) {
    change.done(RuleChange::Done{std::make_shared<const Rule>(change.rule), ""});
  }
  Release();
  EXPECT_EQ(asker->Heard(2).back(), "settled 1 answered by a");
}

TEST_F(PendingQuestionsTest, TheDeclaredDefaultIsAnAnswer) {
  policy.default_action = RuleAction::kReject;
  Hold(Packet(1, "/a", 443));
  Answer(1, {});
  EXPECT_THAT(Release(), ElementsAre("1 reject answer"));
}

TEST_F(PendingQuestionsTest, WhatAnAnswerDoesNotCoverIsJudgedAndAskedAgain) {
  Hold(Packet(1, "/a", 443));
  Hold(Packet(2, "/a", 443, 40001));
  Answer(1, {Once("source.port", "40001")});
  pending().Release(Rules::kSame, [&](Walk walk, const std::optional<Judgement>& judged) {
    if (judged) return std::move(walk.held).Answer(Verdict::kAccept);
    EXPECT_FALSE(pending().Hold(walk));
  });
  EXPECT_EQ(verdicts.All(), (FakeVerdicts::Answers{{2, Verdict::kAccept}}));
  EXPECT_THAT(asker->Heard(3),
              testing::UnorderedElementsAre("ask 1 192.0.2.1:443", "settled 1 answered by a",
                                            "ask 2 192.0.2.1:443"));
}

TEST_F(PendingQuestionsTest, AnAnswerThatLastsIsLeftToTheRulesInForce) {
  Hold(Packet(1, "/a", 443));
  Rule always = Once("process.path", "/a");
  always.duration = "always";
  Answer(1, {always});
  EXPECT_THAT(Release(), IsEmpty());  // not in force yet
  for (RuleChange& change : changes.TakeAll()) {
    change.done(RuleChange::Done{std::make_shared<const Rule>(change.rule), ""});
  }
  EXPECT_THAT(Release(), ElementsAre("1 judge"));
}

TEST_F(PendingQuestionsTest, TheDefaultIsDoneAtTheDeadlineAndNotBefore) {
  Hold(Packet(1, "/a", 443));
  clock.Advance(seconds(10));
  Hold(Packet(2, "/b", 443));
  clock.Advance(seconds(20) - std::chrono::nanoseconds(1));
  EXPECT_THAT(Release(), IsEmpty());
  EXPECT_EQ(pending().NextDeadline(), clock.Now() + std::chrono::nanoseconds(1));
  clock.Advance(std::chrono::nanoseconds(1));
  EXPECT_THAT(Release(), ElementsAre("1 deny no-answer"));
  EXPECT_EQ(pending().NextDeadline(), clock.Now() + seconds(10));
  EXPECT_EQ(asker->Heard(3).back(), "settled 1 timed-out");
}

TEST_F(PendingQuestionsTest, AnAnswerOnItsWayIsWaitedForALittleLonger) {
  Hold(Packet(1, "/a", 443));
  Rule always = Once("process.path", "/a");
  always.duration = "always";
  Answer(1, {always});
  clock.Advance(policy.timeout);
  EXPECT_THAT(Release(), IsEmpty());
  clock.Advance(PendingQuestions::kAnswerGrace);
  EXPECT_THAT(Release(), ElementsAre("1 deny no-answer"));
}

TEST_F(PendingQuestionsTest, WhenTheLastOneLeavesTheDeclaredActionIsDone) {
  policy.unasked_action = RuleAction::kAllow;
  Hold(Packet(1, "/a", 443));
  const auto other = std::make_shared<FakeAsker>("b");
  ASSERT_TRUE(desk->Attach(other));
  desk->Detach(asker);
  EXPECT_THAT(Release(), IsEmpty());  // the other has the question
  desk->Detach(other);
  EXPECT_THAT(Release(), ElementsAre("1 allow default"));
}

TEST_F(PendingQuestionsTest, NewRulesAreTriedOnAllThatWaits) {
  Hold(Packet(1, "/a", 443));
  Hold(Packet(2, "/b", 443));
  EXPECT_THAT(Release(Rules::kChanged), ElementsAre("1 judge", "2 judge"));
  EXPECT_THAT(asker->Heard(4), testing::Contains("settled 2 rules"));
  EXPECT_TRUE(pending().IsEmpty());
}

TEST_F(PendingQuestionsTest, RulesThatStillSayNothingLeaveTheQuestionAsItIs) {
  Hold(Packet(1, "/a", 443));
  ReleaseAndHoldAgain();
  desk->Claim(1, std::make_shared<FakeAsker>("b"));
  EXPECT_THAT(asker->Heard(2), ElementsAre("ask 1 192.0.2.1:443", "claimed 1 by b"));
}

TEST_F(PendingQuestionsTest, NobodyWaitsLongerBecauseTheRulesChange) {
  Hold(Packet(1, "/a", 443));
  clock.Advance(seconds(29));
  ReleaseAndHoldAgain();
  clock.Advance(seconds(1));
  EXPECT_THAT(Release(), ElementsAre("1 deny no-answer"));
}

TEST_F(PendingQuestionsTest, WhatIsBeyondTheLimitsIsDenied) {
  policy.default_action = RuleAction::kAllow;
  limits = {.questions = 3, .questions_per_program = 2, .packets = 5, .packets_per_question = 2};
  EXPECT_EQ(Hold(Packet(1, "/a", 1)), "waits");
  EXPECT_EQ(Hold(Packet(2, "/a", 2)), "waits");
  EXPECT_EQ(Hold(Packet(3, "/a", 3)), "deny too-many");  // of this program
  EXPECT_EQ(Hold(Packet(4, "/b", 1)), "waits");
  EXPECT_EQ(Hold(Packet(5, "/c", 1)), "deny too-many");  // questions
  EXPECT_EQ(Hold(Packet(6, "/a", 1)), "waits");
  EXPECT_EQ(Hold(Packet(7, "/a", 1)), "deny too-many");  // packets of this question
  EXPECT_EQ(Hold(Packet(8, "/b", 1)), "waits");
  EXPECT_EQ(Hold(Packet(9, "/b", 1)), "deny too-many");  // packets
}

TEST_F(PendingQuestionsTest, TheKernelKeepsOnlySoManyBytes) {
  limits.bytes = 100;
  EXPECT_EQ(Hold(Packet(1, "/a", 1)), "waits");
  EXPECT_EQ(Hold(Packet(2, "/b", 1)), "deny too-many");
}

TEST_F(PendingQuestionsTest, RoomThatBecomesFreeIsUsedAgain) {
  limits = {.questions = 1, .questions_per_program = 1, .packets = 1};
  for (QuestionId id = 1; id < 100; ++id) {
    ASSERT_EQ(Hold(Packet(1, "/a", 443, static_cast<Port>(id))), "waits");
    Answer(id, {});
    Release();
  }
}

TEST_F(PendingQuestionsTest, WhenTheDaemonEndsAllIsDenied) {
  policy.default_action = RuleAction::kAllow;
  Hold(Packet(1, "/a", 443));
  std::vector<RuleAction> done;
  pending().ReleaseAll([&](Walk walk, const std::optional<Judgement>& judged) {
    done.push_back(judged->action);
    std::move(walk.held).Answer(Verdict::kDrop);
  });
  EXPECT_THAT(done, ElementsAre(RuleAction::kDeny));
  EXPECT_EQ(asker->Heard(2).back(), "settled 1 ending");
}

TEST_F(PendingQuestionsTest, TellsHowLongAPersonWasWaitedFor) {
  Hold(Packet(1, "/a", 443));
  clock.Advance(seconds(7));
  Answer(1, {});
  std::chrono::nanoseconds asked{0};
  pending().Release(Rules::kSame, [&](const Walk& walk, const auto&) { asked = walk.asked; });
  EXPECT_EQ(asked, seconds(7));
}

// Two packet threads, and what goes on of each.
class SharedQuestionsTest : public PendingQuestionsTest {
 protected:
  SharedQuestionsTest() {
    desk = QuestionDesk::Start(Lanes(wakeups), clock, changes).value();
    EXPECT_TRUE(desk->Attach(asker));
    for (Lane lane = 0; lane < wakeups.size(); ++lane) {
      threads.push_back(
          std::make_unique<PendingQuestions>(*desk, clock, counters, policy, limits, lane));
    }
  }
  bool Waits(Lane lane, Walk walk) { return !threads[lane]->Hold(walk); }
  Walk To(std::uint32_t id, std::uint8_t last_byte, const std::string& host = "") {
    Walk walk = Packet(id, "/a", 443);
    walk.connection.remote.address = IpAddress::V4({192, 0, 2, last_byte});
    walk.host = host;
    return walk;
  }
  std::vector<std::uint32_t> Released(Lane lane) {
    std::vector<std::uint32_t> ids;
    threads[lane]->Release(Rules::kSame, [&](Walk walk, const std::optional<Judgement>& judged) {
      EXPECT_TRUE(judged && judged->action == RuleAction::kAllow);
      ids.push_back(walk.held.Id());
      std::move(walk.held).Answer(Verdict::kAccept);
    });
    return ids;
  }
  // That address has got a name; what is judged anew is still undecided.
  void Name(Lane lane, std::uint8_t last_byte, const std::string& host) {
    const IpAddress named = IpAddress::V4({192, 0, 2, last_byte});
    threads[lane]->Rename([&](const IpAddress& address) { return address == named; },
                          [&](Walk& walk) { return std::exchange(walk.host, host) != host; },
                          [&](Walk walk, const std::optional<Judgement>&) {
                            walk.host = host;
                            EXPECT_TRUE(Waits(lane, std::move(walk)));
                          });
    threads[lane]->TellChanges();
  }

  std::vector<Wakeup> wakeups = [] {
    std::vector<Wakeup> two;
    for (int i = 0; i < 2; ++i) two.push_back(Wakeup::Create().value());
    return two;
  }();
  std::vector<std::unique_ptr<PendingQuestions>> threads;
};

TEST_F(SharedQuestionsTest, TheAddressesOfOneNameAreOneQuestion) {
  EXPECT_TRUE(Waits(0, To(1, 1, "example.org")));
  EXPECT_TRUE(Waits(1, To(2, 2, "example.org")));
  EXPECT_TRUE(Waits(1, To(3, 2, "example.org")));
  threads[1]->TellChanges();
  EXPECT_EQ(counters.questions.Get(), 1U);
  EXPECT_EQ(desk->OpenCount(), 1U);
  Answer(1, {Once("process.path", "/a")});
  EXPECT_THAT(Released(1), ElementsAre(2, 3));
  EXPECT_EQ(counters.questions.Get(), 1U);
  EXPECT_THAT(Released(0), ElementsAre(1));
  EXPECT_EQ(counters.questions.Get(), 0U);
  EXPECT_EQ(desk->OpenCount(), 0U);
}

TEST_F(SharedQuestionsTest, EachThreadKeepsItsOwnDeadline) {
  EXPECT_TRUE(Waits(0, To(1, 1, "example.org")));
  clock.Advance(policy.timeout / 2);
  EXPECT_TRUE(Waits(1, To(2, 2, "example.org")));
  clock.Advance(policy.timeout / 2);
  std::vector<std::uint32_t> late;
  const auto take = [&](Walk walk, const std::optional<Judgement>& judged) {
    EXPECT_TRUE(judged && judged->reason == EventReason::kNoAnswer);
    late.push_back(walk.held.Id());
    std::move(walk.held).Answer(Verdict::kDrop);
  };
  for (const auto& thread : threads) thread->Release(Rules::kSame, take);
  EXPECT_THAT(late, ElementsAre(1));
  EXPECT_EQ(desk->OpenCount(), 1U);
  Answer(1, {Once("process.path", "/a")});
  EXPECT_THAT(Released(1), ElementsAre(2));
}

TEST_F(SharedQuestionsTest, QuestionsThatGetOneNameBecomeOne) {
  EXPECT_TRUE(Waits(0, To(1, 1)));
  EXPECT_TRUE(Waits(1, To(2, 2)));
  EXPECT_EQ(desk->OpenCount(), 2U);
  for (const Lane lane : {0U, 1U}) {
    Name(lane, 1, "example.org");
    Name(lane, 2, "example.org");
  }
  EXPECT_EQ(desk->OpenCount(), 1U);
  Answer(1, {Once("process.path", "/a")});
  EXPECT_THAT(Released(0), ElementsAre(1));
  EXPECT_THAT(Released(1), ElementsAre(2));
  EXPECT_EQ(counters.questions.Get(), 0U);
}

TEST_F(SharedQuestionsTest, APacketWithTheNameFindsTheQuestionThatGotItElsewhere) {
  EXPECT_TRUE(Waits(0, To(1, 1)));
  EXPECT_TRUE(Waits(1, To(2, 1)));  // the same address: one question
  Name(0, 1, "example.org");
  EXPECT_TRUE(Waits(1, To(3, 2, "example.org")));  // which this thread has under the address
  EXPECT_TRUE(Waits(1, To(4, 1, "example.org")));
  EXPECT_EQ(desk->OpenCount(), 1U);
  Answer(1, {Once("process.path", "/a")});
  EXPECT_THAT(Released(1), ElementsAre(2, 3, 4));
  EXPECT_THAT(Released(0), ElementsAre(1));
  Walk another = To(5, 2, "example.net");
  another.connection.local.port = 40001;
  EXPECT_TRUE(Waits(1, std::move(another)));
  EXPECT_EQ(desk->OpenCount(), 1U);
  threads[1]->ReleaseAll([&](Walk walk, const std::optional<Judgement>&) {
    std::move(walk.held).Answer(Verdict::kDrop);
  });
  EXPECT_EQ(counters.questions.Get(), 0U);
}

}  // namespace
}  // namespace procwall
