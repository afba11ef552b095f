// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/witnessed_sender.h"

#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_witness.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using std::chrono_literals::operator""ms;

const BootTime kNow{std::chrono::seconds(100)};

ProcessPtr ProgramOf(Pid pid, const std::string& path) {
  Process process;
  process.id = {pid, 1};
  process.path = path;
  return std::make_shared<const Process>(process);
}
const ProcessPtr kCurlProgram = ProgramOf(7, "/usr/bin/curl");
const ProcessPtr kShellProgram = ProgramOf(8, "/usr/bin/bash");

// Each program is a file of its own.
Actor ActorOf(const ProcessPtr& process, Uid uid = 1000) {
  const FileId file{1, std::hash<std::string>{}(process->path)};
  return {.program = {.id = process->id, .exec_number = 1, .executable = file}, .uid = uid};
}

Connection Flow() {
  Connection connection;
  connection.local = {IpAddress::V4({10, 0, 0, 2}), 40000};
  connection.remote = {IpAddress::V4({192, 0, 2, 1}), 443};
  connection.uid = 1000;
  return connection;
}

// Curl connected a socket it had made, two milliseconds ago.
FlowUse ByCurl() {
  FlowUse use;
  use.socket = {.cookie = 5,
                .creator = ActorOf(kCurlProgram),
                .user = ActorOf(kCurlProgram),
                .hook = WitnessHook::kConnect,
                .used_at = kNow - 2ms};
  return use;
}

class WitnessedSenderTest : public testing::Test {
 protected:
  WitnessedSenderTest() {
    programs.Know(kCurlProgram);
    programs.Know(kShellProgram);
  }
  Attribution ConcludeOn(const FlowUse& use) {
    witness.Saw(KeyOf(Flow()), use);
    return Conclude(FindWitnessedSender(witness, programs, Flow()).value(), Flow(), kNow);
  }

  FakeWitness witness;
  FakePrograms programs;
};

TEST_F(WitnessedSenderTest, IsNobodyWhereNothingWasSeen) {
  EXPECT_FALSE(FindWitnessedSender(witness, programs, Flow()));
}

TEST_F(WitnessedSenderTest, IsCertain) {
  const Attribution attribution = ConcludeOn(ByCurl());
  EXPECT_EQ(attribution.confidence, Confidence::kCertain);
  EXPECT_THAT(attribution.processes, ElementsAre(kCurlProgram));
  EXPECT_EQ(attribution.creator, kCurlProgram);
  EXPECT_EQ(attribution.evidence.ToString(),
            "seen at connect 2.0 ms before, socket cookie 5, uid agrees");
}

TEST_F(WitnessedSenderTest, IsTheUserAndNotTheCreator) {
  FlowUse use = ByCurl();
  use.socket.creator = ActorOf(kShellProgram);
  const Attribution attribution = ConcludeOn(use);
  EXPECT_EQ(attribution.confidence, Confidence::kCertain);
  EXPECT_THAT(attribution.processes, ElementsAre(kCurlProgram));
  EXPECT_EQ(attribution.creator, kShellProgram);
}

TEST_F(WitnessedSenderTest, HasNoCreatorWhereTheSocketWasThereBefore) {
  FlowUse use = ByCurl();
  use.socket.creator.reset();
  EXPECT_EQ(ConcludeOn(use).creator, nullptr);
}

TEST_F(WitnessedSenderTest, IsAmbiguousWhenAnotherProgramSentTheSameFlowBefore) {
  FlowUse use = ByCurl();
  use.previous = ActorOf(kShellProgram);
  const Attribution attribution = ConcludeOn(use);
  EXPECT_EQ(attribution.confidence, Confidence::kAmbiguous);
  EXPECT_THAT(attribution.processes, ElementsAre(kCurlProgram, kShellProgram));
  EXPECT_THAT(attribution.evidence.alternatives,
              ElementsAre(Alternative{{}, kShellProgram, AlternativeReason::kSentBefore}));
}

TEST_F(WitnessedSenderTest, IsCertainWhenAnotherProcessOfTheSameProgramDid) {
  const ProcessPtr other = ProgramOf(9, "/usr/bin/curl");
  programs.Know(other);
  FlowUse use = ByCurl();
  use.previous = ActorOf(other);
  EXPECT_EQ(ConcludeOn(use).confidence, Confidence::kCertain);
}

TEST_F(WitnessedSenderTest, IsAmbiguousWhenTheSameInterpreterRanAnotherScript) {
  Process other = *ProgramOf(9, "/usr/bin/curl");
  other.args = std::vector<std::string>{"curl", "http://elsewhere/"};
  const ProcessPtr previous = std::make_shared<const Process>(other);
  programs.Know(previous);
  FlowUse use = ByCurl();
  use.previous = ActorOf(previous);
  const Attribution attribution = ConcludeOn(use);
  EXPECT_EQ(attribution.confidence, Confidence::kAmbiguous);
  EXPECT_THAT(attribution.processes, ElementsAre(kCurlProgram, previous));
}

TEST_F(WitnessedSenderTest, IsAmbiguousWhenTheSameProgramOfAnotherUserDid) {
  const ProcessPtr other = ProgramOf(9, "/usr/bin/curl");
  programs.Know(other);
  FlowUse use = ByCurl();
  use.previous = ActorOf(other, 33);
  EXPECT_EQ(ConcludeOn(use).confidence, Confidence::kAmbiguous);
}

TEST_F(WitnessedSenderTest, IsCertainWhenThePreviousSenderIsTheSame) {
  FlowUse use = ByCurl();
  use.previous = use.socket.user;
  EXPECT_EQ(ConcludeOn(use).confidence, Confidence::kCertain);
}

TEST_F(WitnessedSenderTest, IsLikelyWhenNothingButTheProgramIsKnownOfThePreviousSender) {
  FlowUse use = ByCurl();
  use.previous = ActorOf(ProgramOf(10, "/usr/bin/curl"));
  const Attribution attribution = ConcludeOn(use);
  EXPECT_EQ(attribution.confidence, Confidence::kLikely);
  EXPECT_THAT(attribution.processes, ElementsAre(kCurlProgram));
}

TEST_F(WitnessedSenderTest, IsUnknownWhenThePreviousSenderIsAnotherThatNobodyDescribed) {
  FlowUse use = ByCurl();
  use.previous = ActorOf(ProgramOf(10, "/bin/never"));
  EXPECT_EQ(ConcludeOn(use).unknown_reason, UnknownReason::kProcessGone);
}

TEST_F(WitnessedSenderTest, IsUnknownWhenTooManySentTheSameFlow) {
  FlowUse use = ByCurl();
  use.previous = ActorOf(kShellProgram);
  use.more_previous = true;
  EXPECT_EQ(ConcludeOn(use).confidence, Confidence::kUnknown);
}

TEST_F(WitnessedSenderTest, IsTheKernel) {
  FlowUse use;
  use.from_kernel = true;
  const Attribution attribution = ConcludeOn(use);
  EXPECT_EQ(attribution.confidence, Confidence::kUnknown);
  EXPECT_EQ(attribution.unknown_reason, UnknownReason::kKernel);
}

TEST_F(WitnessedSenderTest, IsTheKernelWhenAThreadOfItsDid) {
  FlowUse use = ByCurl();
  use.socket.user->program.executable = {};
  EXPECT_EQ(ConcludeOn(use).unknown_reason, UnknownReason::kKernel);
}

TEST_F(WitnessedSenderTest, SaysThatTheUidsDiffer) {
  FlowUse use = ByCurl();
  use.socket.user->uid = 33;
  use.socket.creator->uid = 33;
  EXPECT_EQ(ConcludeOn(use).evidence.uid_agrees, false);
}

TEST_F(WitnessedSenderTest, IsLikelyWhenOnlyAGhostIsLeft) {
  witness.SawGhost(KeyOf(Flow()), ByCurl());
  const auto ghost = FindGhost(witness, programs, Flow());
  ASSERT_TRUE(ghost);
  EXPECT_EQ(Conclude(*ghost, Flow(), kNow).confidence, Confidence::kLikely);
}

TEST_F(WitnessedSenderTest, IsIncompleteUntilItsProcessIsDescribed) {
  const ProcessPtr late = ProgramOf(20, "/bin/late");
  programs.KnowLater(late);
  FlowUse use = ByCurl();
  use.socket.user = ActorOf(late);
  witness.Saw(KeyOf(Flow()), use);
  auto sender = FindWitnessedSender(witness, programs, Flow());
  ASSERT_TRUE(sender && sender->IsIncomplete());
  Describe(*sender, programs);
  EXPECT_FALSE(sender->IsIncomplete());
  EXPECT_EQ(sender->user, late);
}

TEST_F(WitnessedSenderTest, IsUnknownWhenNobodySawWhatItRan) {
  FlowUse use = ByCurl();
  use.socket.user = ActorOf(ProgramOf(21, "/bin/never"));
  EXPECT_EQ(ConcludeOn(use).unknown_reason, UnknownReason::kProcessGone);
}

}  // namespace
}  // namespace procwall
