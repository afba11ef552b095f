// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// How the pipeline asks people: what waits, what goes on, and by what it is decided at last.

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/pipeline.h"
#include "tests/support/fake_asker.h"
#include "tests/support/packet_builder.h"
#include "tests/unit/daemon/pipeline_world.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::byte> SynTo(Port port) {
  return PacketBuilder().V4("10.0.0.2", "192.0.2.1").Tcp(40000, port, kSyn).Build();
}

Rule Allow(const std::string& duration, const std::string& port) {
  return {.name = "yes",
          .enabled = true,
          .action = RuleAction::kAllow,
          .duration = duration,
          .op = {"simple", "dest.port", port}};
}

// A witness that sees everything, and somebody to be asked.
class PipelineAskingTest : public PipelineWorld {
 protected:
  PipelineAskingTest() {
    default_action = RuleAction::kDeny;
    programs.Know(std::make_shared<const Process>(Process{.id = {7, 1}, .path = "/bin/seen"}));
    for (const Port port : {Port{80}, Port{443}}) {
      FlowUse use;
      use.socket.user = Actor{.program = {.id = {7, 1}, .executable = {1, 2}}};
      use.socket.hook = WitnessHook::kConnect;
      witness.Saw({.protocol = IpProtocol::kTcp,
                   .local = {IpAddress::V4({10, 0, 0, 2}), 40000},
                   .remote = {IpAddress::V4({192, 0, 2, 1}), port}},
                  std::move(use));
    }
    EXPECT_TRUE(desk->Attach(asker));
  }
  void Answer(QuestionId id, QuestionAnswer answer) {
    EXPECT_EQ(desk->Answer(id, asker, std::move(answer)).kind, AnswerReceipt::Kind::kTaken);
    ResumeAsked();
  }
  void ResumeAsked() {
    pipeline().ResumeAsked();
    pipeline().Report();
  }

  std::shared_ptr<FakeAsker> asker = std::make_shared<FakeAsker>("alice");
};

TEST_F(PipelineAskingTest, WhatNoRuleDecidesWaitsAndTheRestGoesOn) {
  Rules({Allow("always", "80")});
  Begin(1, SynTo(443));
  Begin(2, SynTo(80));
  EXPECT_EQ(verdicts.All(), (Answers{{2, Verdict::kAccept}}));
  EXPECT_EQ(counters.asked.Get(), 1U);
  EXPECT_THAT(asker->Heard(1), ElementsAre("ask 1 192.0.2.1:443"));
}

TEST_F(PipelineAskingTest, WhatWaitsAndIsSentAgainWithoutItsSocketJoinsTheQuestion) {
  Begin(1, SynTo(443));
  witness.Forget();
  table.KnowsProtocol().FindsNothing();
  Begin(2, SynTo(443));
  EXPECT_THAT(verdicts.All(), IsEmpty());
  EXPECT_THAT(asker->Heard(2), ElementsAre("ask 1 192.0.2.1:443", "change 1 packets 2 flows 1"));
  EXPECT_EQ(counters.asked.Get(), 2U);
  Answer(1, {Allow("once", "443")});
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kAccept}, {2, Verdict::kAccept}}));
}

TEST_F(PipelineAskingTest, AnAnswerForOnceDecidesTheConnectionAndNoOther) {
  Begin(1, SynTo(443));
  Answer(1, {Allow("once", "443")});
  Begin(2, SynTo(443));  // once more
  Begin(3, SynTo(80));
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kAccept}, {2, Verdict::kAccept}}));
  EXPECT_EQ(Told().front(), "allow by yes: 192.0.2.1:443 certain /bin/seen");
  EXPECT_EQ(Events().front()->reason, EventReason::kAnswer);
}

TEST_F(PipelineAskingTest, AQuestionShowsTheNameThatArrivesMeanwhile) {
  Begin(1, SynTo(443));
  EXPECT_THAT(asker->Heard(1), ElementsAre("ask 1 192.0.2.1:443"));
  Begin(2, DnsAnswer("example.org", "192.0.2.1"), kIncomingHook);
  EXPECT_THAT(asker->Heard(2),
              ElementsAre("ask 1 192.0.2.1:443", "change 1 packets 1 flows 1 host example.org"));
  Answer(1, {Allow("once", "443")});
  EXPECT_EQ(Events().front()->host, "example.org");
  EXPECT_EQ(Events().front()->name_from, NameSource::kDnsOtherProgram);
}

TEST_F(PipelineAskingTest, ARuleDecidesByTheNameThatArrivesMeanwhile) {
  Rules({Rule{.name = "evil", .enabled = true, .op = {"simple", "dest.host", "evil.example"}}});
  Begin(1, SynTo(443));
  Begin(2, DnsAnswer("evil.example", "192.0.2.1"), kIncomingHook);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}, {2, Verdict::kAccept}}));
  EXPECT_EQ(Told().front(), "deny by evil: 192.0.2.1:443 certain /bin/seen");
  EXPECT_THAT(asker->Heard(2), ElementsAre("ask 1 192.0.2.1:443", "settled 1 rules"));
}

TEST_F(PipelineAskingTest, ANameOfAnotherAddressChangesNoQuestion) {
  Begin(1, SynTo(443));
  Begin(2, DnsAnswer("example.org", "192.0.2.9"), kIncomingHook);
  Answer(1, {Allow("once", "443")});
  EXPECT_EQ(Events().front()->host, "");
  EXPECT_THAT(asker->Heard(2), ElementsAre("ask 1 192.0.2.1:443", "settled 1 answered by alice"));
}

TEST_F(PipelineAskingTest, TwoQuestionsThatGetOneNameBecomeOne) {
  const auto other = PacketBuilder().V4("10.0.0.2", "192.0.2.7").Tcp(40000, 443, kSyn).Build();
  FlowUse use;
  use.socket.user = Actor{.program = {.id = {7, 1}, .executable = {1, 2}}};
  use.socket.hook = WitnessHook::kConnect;
  witness.Saw({.protocol = IpProtocol::kTcp,
               .local = {IpAddress::V4({10, 0, 0, 2}), 40000},
               .remote = {IpAddress::V4({192, 0, 2, 7}), 443}},
              std::move(use));
  Begin(1, SynTo(443));
  Begin(2, other);
  Begin(3, DnsAnswer("example.org", "192.0.2.1"), kIncomingHook);
  Begin(4, DnsAnswer("example.org", "192.0.2.7"), kIncomingHook);
  EXPECT_EQ(counters.questions.Get(), 1U);
  Answer(1, {Allow("once", "443")});
  EXPECT_EQ(Events().size(), 2U);
}

TEST_F(PipelineAskingTest, TheEventTellsHowLongAPersonTook) {
  Begin(1, SynTo(443));
  clock.Advance(std::chrono::seconds(5));
  Answer(1, {});
  EXPECT_EQ(Events().front()->asked, std::chrono::seconds(5));
  EXPECT_EQ(Events().front()->latency, std::chrono::seconds(5));
}

TEST_F(PipelineAskingTest, NewRulesDecideWhatWaitsWhoeverMadeThem) {
  Begin(1, SynTo(443));
  Begin(2, SynTo(80));
  ResumeAsked();  // it knows the rules that there are
  Rules({Allow("always", "80")});
  ResumeAsked();
  EXPECT_EQ(verdicts.All(), (Answers{{2, Verdict::kAccept}}));
  EXPECT_EQ(Events().front()->reason, EventReason::kRule);
  EXPECT_THAT(asker->Heard(3), testing::Contains("settled 2 rules"));
}

TEST_F(PipelineAskingTest, WithoutAnAnswerTheDefaultIsDone) {
  Begin(1, SynTo(443));
  ASSERT_TRUE(pipeline().NextDeadline());
  clock.Advance(*pipeline().NextDeadline() - clock.Now());
  ResumeAsked();
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
  EXPECT_EQ(Events().front()->reason, EventReason::kNoAnswer);
}

TEST_F(PipelineAskingTest, NobodyThereMeansNobodyIsAsked) {
  unasked_action = RuleAction::kAllow;
  desk->Detach(asker);
  Begin(1, SynTo(443));
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kAccept}}));
  EXPECT_EQ(Events().front()->reason, EventReason::kDefaultAction);
}

TEST_F(PipelineAskingTest, NobodyIsAskedWhoCannotChangeAnything) {
  mode = Mode::kObserve;
  Begin(1, SynTo(443));
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kAccept}}));
}

TEST_F(PipelineAskingTest, APacketThatCannotBeReadIsNobodysQuestion) {
  std::vector<std::byte> cut = SynTo(443);
  cut.resize(10);
  Begin(1, cut);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
}

TEST_F(PipelineAskingTest, AtTheEndWhatWaitsIsDenied) {
  default_action = RuleAction::kAllow;
  Begin(1, SynTo(443));
  pipeline().EndAsked();
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
}

TEST_F(PipelineAskingTest, FiveHundredQuestionsKeepNobodyElseWaiting) {
  Rules({Allow("always", "80")});
  for (std::uint32_t id = 0; id < 500; ++id) {
    Process process{.id = {1000 + static_cast<Pid>(id), 1}};
    process.path = "/bin/program" + std::to_string(id);
    programs.Know(std::make_shared<const Process>(process));
    FlowUse use;
    use.socket.user = Actor{.program = {.id = process.id, .executable = {1, 2}}};
    use.socket.hook = WitnessHook::kConnect;
    const auto from = static_cast<Port>(10000 + id);
    witness.Saw({.protocol = IpProtocol::kTcp,
                 .local = {IpAddress::V4({10, 0, 0, 2}), from},
                 .remote = {IpAddress::V4({192, 0, 2, 1}), 443}},
                std::move(use));
    Begin(id, PacketBuilder().V4("10.0.0.2", "192.0.2.1").Tcp(from, 443, kSyn).Build());
  }
  EXPECT_EQ(counters.questions.Get(), 500U);
  Begin(500, SynTo(80));
  EXPECT_EQ(verdicts.All(), (Answers{{500, Verdict::kAccept}}));
}

}  // namespace
}  // namespace procwall
