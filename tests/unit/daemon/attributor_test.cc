// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/attributor.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_verdicts.h"
#include "tests/support/packet_builder.h"
#include "tests/unit/daemon/pipeline_world.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Who is found to have sent a packet, seen from the whole pipeline. As long as no lookup answers,
// each test begins a world in which nobody holds any socket.
class AttributorTest : public PipelineWorld {
 protected:
  // curl's, and a SYN that comes in for it.
  static SocketEntry Listener() {
    SocketEntry listener = CurlsSocket();
    listener.local.port = 8080;
    listener.remote = {};
    listener.state = SocketState::kListen;
    return listener;
  }
  static std::vector<std::byte> SynToListener() {
    return PacketBuilder().V4("192.0.2.1", "10.0.0.2").Tcp(50000, 8080, kSyn).Build();
  }
};

// What comes in belongs to the program that listens: found by one question, certain.
TEST_F(AttributorTest, AnIncomingConnectionIsItsListeners) {
  SocketEntry listener = Listener();
  table.KnowsProtocol().Finds(listener);
  Begin(1, SynToListener(), kIncomingHook);
  ResumeAll(1);
  const auto events = Events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0]->connection->direction, Direction::kIncoming);
  EXPECT_EQ(events[0]->connection->Destination().port, 8080);
  ASSERT_EQ(events[0]->attribution.processes.size(), 1U);
  EXPECT_EQ(events[0]->attribution.processes[0]->path, "/usr/bin/curl");
}

TEST_F(AttributorTest, WhatComesInForNobodyIsJudgedAsUnknown) {
  default_action = RuleAction::kDeny;
  table.KnowsProtocol().FindsNothing();
  finder_table.KnowsProtocol().Dumps({});
  Begin(1, SynToListener(), kIncomingHook);
  ResumeAll(1);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
  EXPECT_EQ(counters.unknown.Get(), 1U);
}

TEST_F(AttributorTest, AFailedLookupIsJudgedAndTellsWhy) {
  default_action = RuleAction::kDeny;
  table.KnowsProtocol().Fails(EPERM);
  Begin(1, Syn());
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
  EXPECT_THAT(Told(), ElementsAre("deny by default: 192.0.2.1:443 unknown lookup-failed"));
}

TEST_F(AttributorTest, AProtocolWithoutSocketsIsJudgedAtOnce) {
  Begin(1, PacketBuilder().V4("10.0.0.2", "192.0.2.1").Icmp(8, 0, 7).Build());
  EXPECT_THAT(Told(), ElementsAre("allow by default: 192.0.2.1:0 unknown not-attributable"));
  EXPECT_EQ(pipeline().Parked(), 0U);
}

TEST_F(AttributorTest, APacketOfAnUnknownHolderWaitsForTheFinder) {
  table.KnowsProtocol().Finds(CurlsSocket());
  Begin(1, Syn());
  EXPECT_THAT(verdicts.All(), IsEmpty());
  EXPECT_EQ(counters.parked.Get(), 1U);
  ResumeAll(1);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kAccept}}));
  EXPECT_THAT(Told(), ElementsAre("allow by default: 192.0.2.1:443 likely /usr/bin/curl"));
}

FlowUse ByAProcess(Pid pid) {
  FlowUse use;
  use.socket.user = Actor{.program = {.id = {pid, 1}, .executable = {1, 2}}};
  use.socket.hook = WitnessHook::kConnect;
  return use;
}
FlowKey OfTheSyn() {
  return {.protocol = IpProtocol::kTcp,
          .local = {IpAddress::V4({10, 0, 0, 2}), 40000},
          .remote = {IpAddress::V4({192, 0, 2, 1}), 443}};
}

TEST_F(AttributorTest, WhatTheWitnessSawNeedsNoLookup) {
  programs.Know(std::make_shared<const Process>(Process{.id = {7, 1}, .path = "/bin/seen"}));
  witness.Saw(OfTheSyn(), ByAProcess(7));
  Begin(1, Syn());
  EXPECT_THAT(Told(), ElementsAre("allow by default: 192.0.2.1:443 certain /bin/seen"));
  EXPECT_EQ(table.TakeRequests(), 0U);
}

TEST_F(AttributorTest, WhomTheWitnessSawIsDescribedWhileThePacketWaits) {
  programs.KnowLater(std::make_shared<const Process>(Process{.id = {7, 1}, .path = "/bin/late"}));
  witness.Saw(OfTheSyn(), ByAProcess(7));
  Begin(1, Syn());
  EXPECT_THAT(verdicts.All(), IsEmpty());
  ResumeAll(1);
  EXPECT_THAT(Told(), ElementsAre("allow by default: 192.0.2.1:443 certain /bin/late"));
}

TEST_F(AttributorTest, TheLastSenderOfAClosedSocketIsLikely) {
  programs.Know(std::make_shared<const Process>(Process{.id = {7, 1}, .path = "/bin/gone"}));
  witness.SawGhost(OfTheSyn(), ByAProcess(7));
  table.KnowsProtocol().FindsNothing();
  Begin(1, Syn());
  EXPECT_THAT(Told(), ElementsAre("allow by default: 192.0.2.1:443 likely /bin/gone"));
}

TEST_F(AttributorTest, TheWitnessKnowsWhoUsesTheSocketThatWasFound) {
  programs.Know(std::make_shared<const Process>(Process{.id = {7, 1}, .path = "/bin/user"}));
  SocketEntry socket = CurlsSocket();
  socket.cookie = 5;
  witness.Saw(5, ByAProcess(7).socket);
  table.KnowsProtocol().Finds(socket);
  Begin(1, Syn());
  EXPECT_THAT(Told(), ElementsAre("allow by default: 192.0.2.1:443 likely /bin/user"));
}

// Socket activation: whoever opened the listener has handed it on.
TEST_F(AttributorTest, WhatComesInIsNotItsOpenersButTheHoldersOfTheListener) {
  programs.Know(std::make_shared<const Process>(Process{.id = {7, 1}, .path = "/bin/opener"}));
  SocketEntry listener = Listener();
  listener.cookie = 5;
  witness.Saw(5, ByAProcess(7).socket);
  table.KnowsProtocol().Finds(listener);
  Begin(1, SynToListener(), kIncomingHook);
  ResumeAll(1);
  const auto events = Events();
  ASSERT_EQ(events.size(), 1U);
  ASSERT_EQ(events[0]->attribution.processes.size(), 1U);
  EXPECT_EQ(events[0]->attribution.processes[0]->path, "/usr/bin/curl");
}

TEST_F(AttributorTest, AForwardedPacketIsNotLookedUpAmongTheSocketsOfThisHost) {
  Begin(1, Syn(), kForwardHook);
  ResumeAll(1);
  EXPECT_THAT(Told(), ElementsAre("allow by default: 192.0.2.1:443 unknown other-namespace"));
  EXPECT_EQ(table.TakeRequests(), 0U);
  EXPECT_EQ(finder_table.TakeRequests(), 0U);
}

TEST_F(AttributorTest, TheSenderOfAForwardedPacketIsWhomTheWitnessSaw) {
  programs.Know(std::make_shared<const Process>(Process{.id = {7, 1}, .path = "/bin/gone"}));
  witness.SawGhost(OfTheSyn(), ByAProcess(7));
  Begin(1, Syn(), kForwardHook);
  EXPECT_THAT(Told(), ElementsAre("allow by default: 192.0.2.1:443 likely /bin/gone"));
}

// The same flow as a datagram, and curl's socket connected to it.
std::vector<std::byte> Datagram() {
  return PacketBuilder().V4("10.0.0.2", "192.0.2.1").Udp(40000, 443).Payload("?").Build();
}
SocketEntry Connected(SocketEntry socket, std::uint32_t send_queue) {
  socket.protocol = IpProtocol::kUdp;
  socket.state = SocketState::kEstablished;
  socket.send_queue = send_queue;
  return socket;
}

TEST_F(AttributorTest, ASocketWithADatagramUnderWayMayHaveSentIt) {
  table.KnowsProtocol().Finds(Connected(CurlsSocket(), 768));
  Begin(1, Datagram());
  ResumeAll(1);
  EXPECT_THAT(Told(), ElementsAre("allow by default: 192.0.2.1:443 likely /usr/bin/curl"));
}

TEST_F(AttributorTest, ASocketWithNothingUnderWayDidNotSendTheDatagramThatWaits) {
  table.KnowsProtocol().Finds(Connected(CurlsSocket(), 0));
  finder_table.KnowsProtocol().Dumps({Connected(CurlsSocket(), 0)}).Dumps({});
  Begin(1, Datagram());
  ResumeAll(1);
  EXPECT_THAT(Told(), ElementsAre("allow by default: 192.0.2.1:443 unknown no-socket"));
}

std::vector<std::byte> SynNumber(std::uint32_t sequence) {
  return PacketBuilder().V4("10.0.0.2", "192.0.2.1").Tcp(40000, 443, kSyn, 0, sequence).Build();
}
Rule NoCurl() {
  return {.name = "no-curl",
          .enabled = true,
          .action = RuleAction::kDeny,
          .op = {"simple", "process.path", "/usr/bin/curl"}};
}

TEST_F(AttributorTest, ADeniedSynThatIsSentAgainIsTheSameProgramsWhenItsSocketIsGone) {
  Rules({NoCurl()});
  table.KnowsProtocol().Finds(CurlsSocket()).FindsNothing();
  Begin(1, SynNumber(77));
  ResumeAll(1);
  Begin(2, SynNumber(77));
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}, {2, Verdict::kDrop}}));
  EXPECT_THAT(Told(), ElementsAre("deny by no-curl: 192.0.2.1:443 likely /usr/bin/curl",
                                  "deny by no-curl: 192.0.2.1:443 likely /usr/bin/curl"));
  EXPECT_STREQ(Events().back()->attribution.evidence.note,
               "sent again: it is whose the first one was");
}

TEST_F(AttributorTest, ADeniedSynThatIsSentAgainIsNotThatOfWhoeverHasItsAddressesNow) {
  Rules({NoCurl()});
  SocketEntry successor = CurlsSocket();
  successor.inode = kCurlsInode + 1;
  proc.Put({.pid = 101, .uid = 0, .exe = "/usr/bin/wget"});
  proc.PutSocket(101, 5, successor.inode);
  table.KnowsProtocol().Finds(CurlsSocket()).Finds(successor);
  Begin(1, SynNumber(77));
  ResumeAll(1);
  Begin(2, SynNumber(77));
  EXPECT_EQ(Told().back(), "deny by no-curl: 192.0.2.1:443 likely /usr/bin/curl");
  Begin(3, SynNumber(78));
  ResumeAll(1);
  EXPECT_EQ(Told().back(), "allow by default: 192.0.2.1:443 likely /usr/bin/wget");
}

TEST_F(AttributorTest, TheFirstSynMayBeDecidedWhileTheSecondIsLookedUp) {
  Rules({NoCurl()});
  table.KnowsProtocol().Finds(CurlsSocket()).FindsNothing();
  finder_table.KnowsProtocol().Dumps({});
  Begin(1, SynNumber(77));
  Begin(2, SynNumber(77));
  std::deque<FinderAnswer> answers = TakeAnswers(2);
  std::ranges::sort(answers, {}, &FinderAnswer::ticket);
  for (FinderAnswer& answer : answers) pipeline().Resume(std::move(answer));
  pipeline().Report();
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}, {2, Verdict::kDrop}}));
}

TEST_F(AttributorTest, ASynWithAnotherNumberIsAnotherConnections) {
  Rules({NoCurl()});
  table.KnowsProtocol().Finds(CurlsSocket()).FindsNothing();
  finder_table.KnowsProtocol().Dumps({});
  Begin(1, SynNumber(77));
  ResumeAll(1);
  Begin(2, SynNumber(78));
  ResumeAll(1);
  EXPECT_EQ(Told().back(), "allow by default: 192.0.2.1:443 unknown no-socket");
}

TEST_F(AttributorTest, ASynThatComesInAgainIsLookedUpAgain) {
  Rules({Rule{.name = "nobody",
              .enabled = true,
              .action = RuleAction::kDeny,
              .op = {"simple", "true", ""}}});
  table.KnowsProtocol().FindsNothing().FindsNothing();
  finder_table.KnowsProtocol().Dumps({}).Dumps({});
  for (const std::uint32_t id : {1U, 2U}) {
    Begin(id, SynNumber(77), kIncomingHook);
    ResumeAll(1);
  }
  EXPECT_EQ(Told().back(), Told().front());
  EXPECT_EQ(table.TakeRequests(), 3U);  // and whether the kernel knows TCP
}

TEST_F(AttributorTest, OthersAreDecidedWhileAPacketWaits) {
  table.KnowsProtocol().Finds(CurlsSocket()).Fails(EPERM);
  Begin(1, Syn());
  Begin(2, Syn());
  EXPECT_EQ(verdicts.All(), (Answers{{2, Verdict::kAccept}}));
  EXPECT_EQ(pipeline().Parked(), 1U);
}

TEST_F(AttributorTest, AKnownProgramIsDecidedAtOnce) {
  table.KnowsProtocol().Finds(CurlsSocket()).Finds(CurlsSocket());
  Begin(1, Syn());
  ResumeAll(1);
  Begin(2, Syn());
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kAccept}, {2, Verdict::kAccept}}));
  EXPECT_EQ(Events().back()->attribution.evidence.holder_source, HolderSource::kIndex);
}

TEST_F(AttributorTest, AKnownProgramThatMadeAnotherIsLookedAtAgain) {
  table.KnowsProtocol().Finds(CurlsSocket()).Finds(CurlsSocket());
  Begin(1, Syn());
  ResumeAll(1);
  proc.Put({.pid = 110, .uid = 0, .exe = "/usr/bin/borrower"});
  proc.PutSocket(110, 3, kCurlsInode);
  programs.Made(100, 110);
  Begin(2, Syn());
  ResumeAll(1);
  EXPECT_EQ(Events().back()->attribution.confidence, Confidence::kAmbiguous);
}

TEST_F(AttributorTest, TheSocketsOfThePortAreComparedWhenNoneFitsExactly) {
  table.KnowsProtocol().FindsNothing();
  finder_table.KnowsProtocol().Dumps({CurlsSocket()});
  Begin(1, Syn());
  ResumeAll(1);
  EXPECT_THAT(Told(), ElementsAre("allow by default: 192.0.2.1:443 likely /usr/bin/curl"));
  EXPECT_EQ(Events().front()->attribution.evidence.socket_source, SocketSource::kDump);
}

TEST_F(AttributorTest, AnAnswerToNoQuestionChangesNothing) {
  pipeline().Resume({.ticket = 77, .attribution = {}, .learned = {}});
  EXPECT_THAT(verdicts.All(), IsEmpty());
  EXPECT_THAT(Events(), IsEmpty());
}

TEST_F(AttributorTest, MoreThanTheFinderCanHoldIsDeniedEvenWhereTheDefaultIsToAllow) {
  default_action = RuleAction::kAllow;
  table.KnowsProtocol();
  for (std::uint32_t id = 0; id <= Finder::kMaxQuestions; ++id) {
    table.FindsNothing();
    Begin(id, Syn());
    table.TakeRequests();
  }
  EXPECT_EQ(pipeline().Parked(), Finder::kMaxQuestions);
  EXPECT_EQ(verdicts.All(), (Answers{{Finder::kMaxQuestions, Verdict::kDrop}}));
  EXPECT_EQ(Events().back()->reason, EventReason::kNoTime);
  EXPECT_THAT(Told(), ElementsAre("deny by default: 192.0.2.1:443 unknown overloaded"));
}

}  // namespace
}  // namespace procwall
