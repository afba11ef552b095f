// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/finder.h"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_proc.h"
#include "tests/support/fake_send_trace.h"
#include "tests/support/fake_socket_table.h"
#include "tests/support/fake_witness.h"

namespace procwall {
namespace {

// Time that runs ahead each time somebody looks: every deadline is soon over.
class HastyClock final : public Clock {
 public:
  BootTime Now() const override {
    return BootTime(std::chrono::hours(1)) + std::chrono::milliseconds(++looks_);
  }
  WallTime WallNow() const override { return {}; }

 private:
  mutable std::atomic<int> looks_{0};
};

SocketEntry SocketOf(Inode inode, Port port = 40000) {
  SocketEntry socket;
  socket.local = {IpAddress::V4({10, 0, 0, 2}), port};
  socket.remote = {IpAddress::V4({192, 0, 2, 1}), 443};
  socket.state = SocketState::kSynSent;
  socket.inode = inode;
  return socket;
}

RankedSocket SenderOf(Inode inode) { return {SocketOf(inode), SocketRank::kSameFlow}; }

Connection ConnectionFrom(Port port = 40000) {
  Connection connection;
  connection.local = SocketOf(0, port).local;
  connection.remote = SocketOf(0, port).remote;
  return connection;
}

// What the other network namespaces answer, whatever they are asked.
class OtherNamespace final : public ForeignSockets {
 public:
  explicit OtherNamespace(Answer answer) : answer_(std::move(answer)) {}
  std::vector<Answer> Find(std::span<const Connection> connections) override {
    return std::vector<Answer>(connections.size(), answer_);
  }

 private:
  Answer answer_;
};

Connection Forwarded() {
  Connection connection = ConnectionFrom();
  connection.direction = Direction::kForwarded;
  connection.in_ifindex = 5;
  connection.out_ifindex = 6;
  return connection;
}

class FinderTest : public testing::Test {
 protected:
  FinderTest() {
    proc.Put({.pid = 100, .uid = 0, .exe = "/usr/bin/curl"});
    proc.PutSocket(100, 5, 4711);
  }
  void Start(const Clock& its_clock) {
    finder = Finder::Start(its_clock, answered_, programs, {proc.Open(), table.TakeDiag()}).value();
  }
  // With another namespace, in which these sockets may have sent what is forwarded.
  void StartWith(ForeignSockets::Answer its_sockets) {
    finder = Finder::Start(clock, answered_, programs,
                           {proc.Open(), table.TakeDiag(),
                            std::make_unique<OtherNamespace>(std::move(its_sockets))})
                 .value();
  }
  // Waits for so many answers; sorted by ticket.
  std::vector<FinderAnswer> Answers(std::size_t count) {
    constexpr int kWaitMilliseconds = 30'000;  // not reached
    std::vector<FinderAnswer> answers;
    while (answers.size() < count) {
      pollfd waiting{answered_.UnsafeFd(), POLLIN, 0};
      if (::poll(&waiting, 1, kWaitMilliseconds) != 1) break;
      answered_.Clear();
      for (FinderAnswer& answer : finder->TakeAnswers()) answers.push_back(std::move(answer));
    }
    std::ranges::sort(answers, {}, &FinderAnswer::ticket);
    answers.resize(count);
    return answers;
  }
  static std::string ProgramOf(const FinderAnswer& answer) {
    return answer.attribution.processes.empty()
               ? UnknownReasonName(answer.attribution.unknown_reason)
               : answer.attribution.processes.front()->path;
  }

  FakeClock clock;
  FakeProc proc;
  FakeSocketTable table;
  FakePrograms programs;
  std::unique_ptr<Finder> finder;

  Wakeup answered_ = Wakeup::Create().value();

 private:
  void TearDown() override { finder.reset(); }  // it uses all of the above
};

TEST_F(FinderTest, NamesTheHolderOfAnExactSocket) {
  Start(clock);
  ASSERT_TRUE(finder->Ask({0, 1, ConnectionFrom(), SenderOf(4711)}));
  const FinderAnswer answer = Answers(1).front();
  EXPECT_EQ(ProgramOf(answer), "/usr/bin/curl");
  EXPECT_EQ(answer.attribution.evidence.socket_source, SocketSource::kExact);
  EXPECT_EQ(answer.attribution.evidence.holder_source, HolderSource::kWalk);
}

TEST_F(FinderTest, PassesOnWhatItLearnt) {
  Start(clock);
  ASSERT_TRUE(finder->Ask({0, 1, ConnectionFrom(), SenderOf(4711)}));
  const FinderAnswer answer = Answers(1).front();
  ASSERT_TRUE(answer.learned);
  EXPECT_EQ(answer.learned->first, 4711U);
  EXPECT_EQ(answer.learned->second.fd, 5);
  EXPECT_EQ(answer.learned->second.process->id.pid, 100);
}

TEST_F(FinderTest, RemembersAHolder) {
  Start(clock);
  ASSERT_TRUE(finder->Ask({0, 1, ConnectionFrom(), SenderOf(4711)}));
  Answers(1);
  ASSERT_TRUE(finder->Ask({0, 2, ConnectionFrom(), SenderOf(4711)}));
  EXPECT_EQ(Answers(1).front().attribution.evidence.holder_source, HolderSource::kIndex);
}

TEST_F(FinderTest, ComparesTheSocketsOfThePortWhenNoneIsExact) {
  table.KnowsProtocol().Dumps({SocketOf(1, 40001), SocketOf(4711)});
  Start(clock);
  ASSERT_TRUE(finder->Ask({0, 1, ConnectionFrom()}));
  const FinderAnswer answer = Answers(1).front();
  EXPECT_EQ(ProgramOf(answer), "/usr/bin/curl");
  EXPECT_EQ(answer.attribution.evidence.socket_source, SocketSource::kDump);
}

TEST_F(FinderTest, SaysThatThereIsNoSocket) {
  table.KnowsProtocol().Dumps({});
  Start(clock);
  ASSERT_TRUE(finder->Ask({0, 1, ConnectionFrom()}));
  EXPECT_EQ(ProgramOf(Answers(1).front()), "no-socket");
}

TEST_F(FinderTest, SaysThatNobodyHoldsTheSocket) {
  Start(clock);
  ASSERT_TRUE(finder->Ask({0, 1, ConnectionFrom(), SenderOf(4712)}));
  EXPECT_EQ(ProgramOf(Answers(1).front()), "no-holder");
}

TEST_F(FinderTest, SaysThatTheLookupFailed) {
  table.KnowsProtocol().Fails(EPERM);
  Start(clock);
  ASSERT_TRUE(finder->Ask({0, 1, ConnectionFrom()}));
  EXPECT_EQ(ProgramOf(Answers(1).front()), "lookup-failed");
}

TEST_F(FinderTest, AnswersManyQuestionsEachByItsTicket) {
  constexpr std::size_t kQuestions = 200;
  for (Inode inode = 1; inode <= kQuestions; inode += 2)
    proc.PutSocket(100, static_cast<int>(10 + inode), inode);
  Start(clock);
  for (std::uint64_t ticket = 1; ticket <= kQuestions; ++ticket)
    ASSERT_TRUE(finder->Ask({0, ticket, ConnectionFrom(), SenderOf(ticket)}));
  const std::vector<FinderAnswer> answers = Answers(kQuestions);
  for (std::uint64_t ticket = 1; ticket <= kQuestions; ++ticket) {
    const FinderAnswer& answer = answers[ticket - 1];
    EXPECT_EQ(answer.ticket, ticket);
    EXPECT_EQ(ProgramOf(answer), ticket % 2 == 1 ? "/usr/bin/curl" : "no-holder") << ticket;
  }
}

TEST_F(FinderTest, WhatTakesLongerThanTheQuickLookIsWalkedFor) {
  const HastyClock hasty;
  for (Pid pid = 200; pid < 260; ++pid) proc.Put({.pid = pid, .uid = 0});
  Start(hasty);
  ASSERT_TRUE(finder->Ask({0, 1, ConnectionFrom(), SenderOf(4711)}));
  EXPECT_EQ(ProgramOf(Answers(1).front()), "/usr/bin/curl");
}

TEST_F(FinderTest, DoesNotNameAProgramThatWasExecutedSinceThePacketWasSent) {
  programs.Executes(100);
  Start(clock);
  ASSERT_TRUE(finder->Ask({.ticket = 1,
                           .connection = ConnectionFrom(),
                           .sender = SenderOf(4711),
                           .sent_after = clock.Now()}));
  const FinderAnswer answer = Answers(1).front();
  EXPECT_EQ(ProgramOf(answer), "executed-since");
  EXPECT_FALSE(answer.learned);
}

TEST_F(FinderTest, NamesAProgramThatCannotHaveInheritedTheSocket) {
  programs.Executes(100);
  proc.PutDescriptorFlags(100, 5, "pos:\t0\nflags:\t02000002\nmnt_id:\t9\n");
  Start(clock);
  ASSERT_TRUE(finder->Ask({.ticket = 1,
                           .connection = ConnectionFrom(),
                           .sender = SenderOf(4711),
                           .sent_after = clock.Now()}));
  EXPECT_EQ(ProgramOf(Answers(1).front()), "/usr/bin/curl");
}

TEST_F(FinderTest, NeitherNamesNorLearnsWhoAskedForTheRouteBeforeItExecutedItsProgram) {
  programs.Executes(100);
  proc.PutDescriptorFlags(100, 5, "pos:\t0\nflags:\t02000002\nmnt_id:\t9\n");
  auto sends = std::make_unique<FakeSendTrace>();
  sends->askers = {{.pid = 100, .first = clock.Now(), .named_source = false}};
  finder = Finder::Start(clock, answered_, programs,
                         {proc.Open(), table.TakeDiag(), nullptr, std::move(sends)})
               .value();
  ASSERT_TRUE(finder->Ask({.ticket = 1,
                           .connection = ConnectionFrom(),
                           .sender = SenderOf(4711),
                           .sent_after = clock.Now()}));
  const FinderAnswer answer = Answers(1).front();
  EXPECT_EQ(ProgramOf(answer), "executed-since");
  EXPECT_FALSE(answer.learned);
}

TEST_F(FinderTest, FindsTheRelativeThatHoldsTheSocketToo) {
  proc.Put({.pid = 90, .uid = 0, .exe = "/usr/bin/lender"});
  proc.PutSocket(90, 77, 4711);
  programs.Made(100, 90);
  Start(clock);
  ASSERT_TRUE(finder->Ask({0, 1, ConnectionFrom(), SenderOf(4711)}));
  const FinderAnswer answer = Answers(1).front();
  EXPECT_EQ(answer.attribution.confidence, Confidence::kAmbiguous);
  EXPECT_EQ(answer.attribution.processes.size(), 2U);
  EXPECT_FALSE(answer.learned);  // or the next packet would be one program's
}

TEST_F(FinderTest, FindsTheRelativeOfWhomItRemembers) {
  proc.PutSocket(100, 6, 4712);
  Start(clock);
  ASSERT_TRUE(finder->Ask({0, 1, ConnectionFrom(), SenderOf(4711)}));
  ASSERT_TRUE(Answers(1).front().learned);
  proc.Put({.pid = 110, .uid = 0, .exe = "/usr/bin/borrower"});
  proc.PutSocket(110, 3, 4712);
  programs.Made(100, 110);
  ASSERT_TRUE(finder->Ask({0, 2, ConnectionFrom(), SenderOf(4712)}));
  EXPECT_EQ(Answers(1).front().attribution.confidence, Confidence::kAmbiguous);
}

TEST_F(FinderTest, DoesNotNameTheHolderOfWhomARelativeIsOnItsWayOut) {
  proc.Put({.pid = 90, .uid = 0, .exe = "/usr/bin/lender", .state = 'Z'});
  programs.Made(100, 90);
  Start(clock);
  ASSERT_TRUE(finder->Ask({0, 1, ConnectionFrom(), SenderOf(4711)}));
  EXPECT_EQ(ProgramOf(Answers(1).front()), "process-gone");
}

TEST_F(FinderTest, NamesTheHolderWhoseRelativesHoldOtherThings) {
  proc.Put({.pid = 90, .uid = 0, .exe = "/usr/bin/shell"});
  proc.PutSocket(90, 5, 4799);
  programs.Made(100, 90);
  Start(clock);
  ASSERT_TRUE(finder->Ask({0, 1, ConnectionFrom(), SenderOf(4711)}));
  EXPECT_EQ(ProgramOf(Answers(1).front()), "/usr/bin/curl");
}

TEST_F(FinderTest, DoesNotNameTheHolderOfWhomARelativeEndedMeanwhile) {
  programs.LosesKin(100);
  Start(clock);
  ASSERT_TRUE(finder->Ask({.ticket = 1,
                           .connection = ConnectionFrom(),
                           .sender = SenderOf(4711),
                           .sent_after = clock.Now()}));
  const FinderAnswer answer = Answers(1).front();
  EXPECT_EQ(ProgramOf(answer), "process-gone");
  EXPECT_FALSE(answer.learned);
}

TEST_F(FinderTest, NamesAProgramThatExecutedNothingSince) {
  programs.Executes(101);
  Start(clock);
  ASSERT_TRUE(finder->Ask({.ticket = 1,
                           .connection = ConnectionFrom(),
                           .sender = SenderOf(4711),
                           .sent_after = clock.Now()}));
  EXPECT_EQ(ProgramOf(Answers(1).front()), "/usr/bin/curl");
}

TEST_F(FinderTest, NamesTheSenderOfAForwardedPacket) {
  StartWith(std::vector<SocketEntry>{SocketOf(4711)});
  ASSERT_TRUE(finder->Ask({0, 1, Forwarded()}));
  const FinderAnswer answer = Answers(1).front();
  EXPECT_EQ(ProgramOf(answer), "/usr/bin/curl");
  EXPECT_EQ(answer.attribution.confidence, Confidence::kLikely);
}

TEST_F(FinderTest, SaysThatAForwardedPacketIsOfAnotherNamespaceOrHost) {
  StartWith(std::vector<SocketEntry>{});
  ASSERT_TRUE(finder->Ask({0, 1, Forwarded()}));
  EXPECT_EQ(ProgramOf(Answers(1).front()), "other-namespace");
}

TEST_F(FinderTest, SaysSoIfItMayNotLookThere) {
  StartWith(Error{Errc::kPermission, 0, "enter network namespace"});
  ASSERT_TRUE(finder->Ask({0, 1, Forwarded()}));
  const FinderAnswer answer = Answers(1).front();
  EXPECT_EQ(ProgramOf(answer), "other-namespace");
  EXPECT_STREQ(answer.attribution.evidence.note, "enter network namespace");
}

TEST_F(FinderTest, IsAmbiguousIfTwoNamespacesHaveTheSender) {
  proc.Put({.pid = 101, .uid = 0, .exe = "/usr/bin/wget"});
  proc.PutSocket(101, 5, 4712);
  StartWith(std::vector<SocketEntry>{SocketOf(4711), SocketOf(4712)});
  ASSERT_TRUE(finder->Ask({0, 1, Forwarded()}));
  EXPECT_EQ(Answers(1).front().attribution.confidence, Confidence::kAmbiguous);
}

TEST_F(FinderTest, DescribesTheSenderThatTheWitnessSaw) {
  programs.KnowLater(std::make_shared<const Process>(Process{.id = {7, 1}, .path = "/bin/late"}));
  Start(clock);
  WitnessedSender sender;
  sender.use.socket.user = Actor{.program = {.id = {7, 1}, .executable = {1, 2}}};
  ASSERT_TRUE(finder->Ask({.ticket = 1, .connection = ConnectionFrom(), .witnessed = sender}));
  EXPECT_EQ(ProgramOf(Answers(1).front()), "/bin/late");
}

TEST_F(FinderTest, SaysThatASenderNobodyDescribedIsGone) {
  Start(clock);
  WitnessedSender sender;
  sender.use.socket.user = Actor{.program = {.id = {7, 1}, .executable = {1, 2}}};
  ASSERT_TRUE(finder->Ask({.ticket = 1, .connection = ConnectionFrom(), .witnessed = sender}));
  EXPECT_EQ(Answers(1).front().attribution.unknown_reason, UnknownReason::kProcessGone);
}

TEST_F(FinderTest, ForgetsItsQuestionsWhenItDies) {
  Start(clock);
  for (std::uint64_t ticket = 1; ticket <= 1000; ++ticket)
    ASSERT_TRUE(finder->Ask({0, ticket, ConnectionFrom(), SenderOf(4711)}));
  finder.reset();
}

TEST_F(FinderTest, ADoubtIsSettledByWhatTheSenderDid) {
  proc.Put({.pid = 200, .uid = 0, .exe = "/usr/bin/wget"});
  proc.PutSocket(200, 5, 4711);
  Process wget;
  wget.id = {200, 0};
  wget.path = "/usr/bin/wget";
  programs.Know(std::make_shared<const Process>(wget));
  programs.Made(100, 200);  // curl made it, and both hold the socket
  auto trace = std::make_unique<FakeSendTrace>();
  trace->askers = {{.pid = 200, .first = clock.Now(), .named_source = false}};
  finder = Finder::Start(clock, answered_, programs,
                         {proc.Open(), table.TakeDiag(), nullptr, std::move(trace)})
               .value();
  FinderQuestion question{0, 1, ConnectionFrom(), SenderOf(4711)};
  question.sent_after = clock.Now();
  ASSERT_TRUE(finder->Ask(std::move(question)));
  const FinderAnswer answer = Answers(1).front();
  EXPECT_EQ(ProgramOf(answer), "/usr/bin/wget");
  EXPECT_EQ(answer.attribution.confidence, Confidence::kLikely);
}

TEST(Finder, StartsOnTheRealMachine) {
  const FakeClock clock;
  const Wakeup answered = Wakeup::Create().value();
  FakePrograms programs;
  EXPECT_TRUE(Finder::Start(clock, answered, programs, nullptr));
}

}  // namespace
}  // namespace procwall
