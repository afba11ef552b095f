// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/doubt_settler.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_proc.h"
#include "tests/support/fake_send_trace.h"
#include "tests/support/fake_witness.h"

namespace procwall {
namespace {

constexpr Uid kItsUser = 1000;
constexpr Inode kSocket = 4711;
constexpr Pid kGiver = 100;
constexpr Pid kUserOfIt = 200;
constexpr Pid kOtherProcess = 300;
// As FakeClock; the processes were born 50 s after the machine was.
constexpr BootTime kSent{std::chrono::hours(1)};
constexpr SendTime kWhen{.after = kSent, .received = kSent + std::chrono::milliseconds(1)};

// A giver and the one that has its socket now, whose packet waits.
class DoubtSettlerTest : public testing::Test {
 protected:
  DoubtSettlerTest() {
    giver_ = Put(kGiver, "/usr/bin/giver");
    user_ = Put(kUserOfIt, "/usr/bin/user");
    clock_.Advance(std::chrono::milliseconds(2));
  }

  ProcessPtr Put(Pid pid, const std::string& path, Pid parent = 1) {
    proc_.Put({.pid = pid, .parent = parent, .uid = kItsUser, .exe = path});
    Process process;
    process.id = {pid, 5000};
    process.parent_pid = parent;
    process.path = path;
    process.uid = kItsUser;
    auto described = std::make_shared<const Process>(process);
    programs_.Know(described);
    programs_.KnowAs({pid, 0}, described);  // asked for by its number
    return described;
  }
  static Candidate SocketOf(SocketRank rank, const std::vector<ProcessPtr>& holders) {
    Candidate candidate;
    candidate.ranked.rank = rank;
    candidate.ranked.socket.protocol = IpProtocol::kUdp;
    candidate.ranked.socket.uid = kItsUser;
    candidate.ranked.socket.inode = kSocket;
    candidate.ranked.socket.send_queue = 1;
    candidate.found.emplace();
    for (const ProcessPtr& process : holders) {
      Holder holder;
      holder.process = process;
      candidate.found->holders.push_back(holder);
    }
    return candidate;
  }
  Findings HeldByBoth(SocketRank rank) const {
    Findings findings;
    findings.protocol = IpProtocol::kUdp;
    findings.packet_uid = kItsUser;
    findings.source = SocketSource::kDump;
    findings.candidates = {SocketOf(rank, {giver_, user_})};
    return findings;
  }
  static Findings Nothing(IpProtocol protocol = IpProtocol::kUdp) {
    Findings findings;
    findings.protocol = protocol;
    findings.source = SocketSource::kDump;
    return findings;
  }
  Connection Packet(IpProtocol protocol = IpProtocol::kUdp) const {
    Connection connection;
    connection.protocol = protocol;
    connection.local = {family_v4_ ? IpAddress::V4({192, 0, 2, 9}) : IpAddress::V6({0x20, 1}),
                        4000};
    connection.remote = {family_v4_ ? IpAddress::V4({192, 0, 2, 1}) : IpAddress::V6({0x20, 2}), 53};
    connection.uid = kItsUser;
    return connection;
  }
  Attribution Settled(const Findings& findings, const Connection& connection,
                      SendTime when = kWhen) {
    Attribution attribution = Conclude(findings);
    const Procfs procfs = proc_.Open();
    DoubtSettler(trace_, programs_, procfs, clock_).Settle(attribution, findings, connection, when);
    return attribution;
  }
  Attribution Settled(const Findings& findings) { return Settled(findings, Packet()); }
  static std::string NameOf(const Attribution& attribution) {
    if (attribution.confidence == Confidence::kAmbiguous) return "ambiguous";
    if (attribution.confidence == Confidence::kUnknown) {
      return UnknownReasonName(attribution.unknown_reason);
    }
    return attribution.processes.front()->path;
  }

  FakeClock clock_;
  FakeProc proc_;
  FakePrograms programs_;
  FakeSendTrace trace_;
  ProcessPtr giver_;
  ProcessPtr user_;
  bool family_v4_ = true;
};

TEST_F(DoubtSettlerTest, WhoeverAloneAskedForTheRouteSentIt) {
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = false}};
  const Attribution settled = Settled(HeldByBoth(SocketRank::kWildcard));
  EXPECT_EQ(settled.confidence, Confidence::kLikely);
  EXPECT_EQ(NameOf(settled), "/usr/bin/user");
  EXPECT_EQ(settled.processes.size(), 1U);
  EXPECT_STREQ(settled.evidence.note, "it alone asked for this packet's route");
  EXPECT_EQ(trace_.asked_since, kSent - kRouteDoubt);
}

TEST_F(DoubtSettlerTest, SeveralThatAskedLeaveTheDoubt) {
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = false},
                   {.pid = kGiver, .first = kSent, .named_source = false}};
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kWildcard))), "ambiguous");
}

TEST_F(DoubtSettlerTest, NobodyThatAskedOrAnUnknownOneLeavesIt) {
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kWildcard))), "ambiguous");
  trace_.askers = {{.pid = 0, .first = kSent, .named_source = false}};
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kWildcard))), "ambiguous");
  trace_.askers = {{.pid = 999, .first = kSent, .named_source = false}};
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kWildcard))), "ambiguous");
  trace_.askers = std::nullopt;  // it does not reach so far back
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kWildcard))), "ambiguous");
}

TEST_F(DoubtSettlerTest, AnotherProgramSinceLeavesIt) {
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = false}};
  programs_.Executes(kUserOfIt);
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kWildcard))), "ambiguous");
}

TEST_F(DoubtSettlerTest, AYoungerProcessOfThatNumberLeavesIt) {
  trace_.askers = {
      {.pid = kUserOfIt, .first = BootTime(std::chrono::seconds(40)), .named_source = false}};
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kWildcard))), "ambiguous");
}

TEST_F(DoubtSettlerTest, ANumberThatWasGivenAgainLeavesIt) {
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = false}};
  programs_.IsBorn(kUserOfIt);
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kWildcard))), "ambiguous");
}

TEST_F(DoubtSettlerTest, AnotherUserLeavesIt) {
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = false}};
  Connection connection = Packet();
  connection.uid = kItsUser + 1;
  Findings findings = Nothing();
  EXPECT_EQ(NameOf(Settled(findings, connection)), "no-socket");
}

TEST_F(DoubtSettlerTest, AnotherNetworkNamespaceLeavesIt) {
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = false}};
  proc_.PutNetworkNamespace(kUserOfIt, 1);
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kWildcard))), "ambiguous");
}

TEST_F(DoubtSettlerTest, WithoutATimeOrOnItsWayInNothingIsAsked) {
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = false}};
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kWildcard), Packet(), {})), "ambiguous");
  Connection incoming = Packet();
  incoming.direction = Direction::kIncoming;
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kWildcard), incoming)), "ambiguous");
  EXPECT_EQ(trace_.asked_since, BootTime{});
}

TEST_F(DoubtSettlerTest, WhatIsKnownIsNotTouched) {
  Findings findings = HeldByBoth(SocketRank::kWildcard);
  findings.candidates = {SocketOf(SocketRank::kWildcard, {giver_})};
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = false}};
  EXPECT_EQ(NameOf(Settled(findings)), "/usr/bin/giver");
  EXPECT_EQ(trace_.asked_since, BootTime{});
}

TEST_F(DoubtSettlerTest, KnowsWhoAskedBeforeItExecutedItsProgram) {
  const Procfs procfs = proc_.Open();
  const DoubtSettler settler(trace_, programs_, procfs, clock_);
  const auto asked = [&](Pid pid) { return settler.AskedAsAnother({pid}, Packet(), kWhen); };
  trace_.askers = {{.pid = kGiver, .first = kSent, .named_source = false}};
  EXPECT_FALSE(asked(kGiver));
  EXPECT_EQ(trace_.asked_since, BootTime{});  // it runs what it ran: nobody has to be asked
  programs_.Executes(kGiver);
  EXPECT_TRUE(asked(kGiver));
  EXPECT_FALSE(asked(kUserOfIt));
  EXPECT_FALSE(settler.AskedAsAnother({kGiver}, Packet(), {}));
  trace_.askers = {};  // it did not ask: nothing speaks against it
  EXPECT_FALSE(asked(kGiver));
  trace_.askers = std::nullopt;
  EXPECT_FALSE(asked(kGiver));
}

TEST_F(DoubtSettlerTest, WhoExecutedAboutThenMayHaveSentBeforeThat) {
  const Procfs procfs = proc_.Open();
  const DoubtSettler settler(trace_, programs_, procfs, clock_);
  Connection connection = Packet();
  const auto may = [&](Pid pid) { return settler.MayHaveSentAsAnother(pid, connection, kWhen); };
  trace_.senders = {{.pid = kGiver, .first = kSent}};
  EXPECT_FALSE(may(kGiver));  // it runs what it ran: nobody has to be asked
  EXPECT_EQ(trace_.asked_senders_since, BootTime{});
  programs_.Executes(kGiver);
  EXPECT_TRUE(may(kGiver));
  EXPECT_EQ(trace_.asked_senders_since, kSent - kRouteDoubt);
  EXPECT_FALSE(may(kUserOfIt));
  trace_.senders = {{.pid = kUserOfIt, .first = kSent}};  // another one sent, not this one
  EXPECT_FALSE(may(kGiver));
  trace_.senders = std::nullopt;  // nobody tells
  EXPECT_TRUE(may(kGiver));
  trace_.senders = std::vector<TracedProcess>{};
  connection.direction = Direction::kIncoming;  // it need not have sent anything
  EXPECT_TRUE(may(kGiver));
  connection.direction = Direction::kOutgoing;
  connection.protocol = IpProtocol::kTcp;  // this is not about datagrams
  EXPECT_TRUE(may(kGiver));
}

TEST_F(DoubtSettlerTest, ASocketThatIsGoneIsNamedIfItWasNotConnected) {
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = false}};
  trace_.senders = {{.pid = kUserOfIt, .first = kSent}};
  EXPECT_EQ(NameOf(Settled(Nothing())), "/usr/bin/user");
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = true}};
  trace_.senders->push_back({.pid = kGiver, .first = kSent});
  EXPECT_EQ(NameOf(Settled(Nothing())), "no-socket");
}

TEST_F(DoubtSettlerTest, AConnectedSocketThatIsGoneIsNamedIfNobodyElseSentADatagram) {
  for (const bool is_v4 : {true, false}) {
    family_v4_ = is_v4;
    trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = is_v4}};
    trace_.senders = {{.pid = kUserOfIt, .first = kSent}};
    EXPECT_EQ(NameOf(Settled(Nothing())), "/usr/bin/user");
    trace_.senders = {{.pid = kGiver, .first = kSent}};  // it was given away, say
    EXPECT_EQ(NameOf(Settled(Nothing())), "no-socket");
  }
}

TEST_F(DoubtSettlerTest, WhoAskedForARouteAndSentNoDatagramOnlyHadItsPacketWrapped) {
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = false}};
  EXPECT_EQ(NameOf(Settled(Nothing())), "no-socket");
  trace_.senders = std::nullopt;  // nobody tells
  EXPECT_EQ(NameOf(Settled(Nothing())), "no-socket");
}

TEST_F(DoubtSettlerTest, TheKernelsOwnSocketIsNobodys) {
  Findings findings = Nothing();
  findings.candidates = {SocketOf(SocketRank::kWildcard, {})};
  findings.candidates.front().ranked.socket.inode = 0;
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = false}};
  trace_.senders = {{.pid = kUserOfIt, .first = kSent}};
  EXPECT_EQ(NameOf(Settled(findings)), "socket-closed");
}

TEST_F(DoubtSettlerTest, AThreadOfTheKernelIsNoProgram) {
  Put(kUserOfIt, "");
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = false}};
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kWildcard))), "ambiguous");
}

TEST_F(DoubtSettlerTest, AConnectedSocketThatNobodyHoldsAnyMoreIsLikeOneThatIsGone) {
  Findings findings = Nothing();
  findings.candidates = {SocketOf(SocketRank::kSameFlow, {})};
  findings.candidates.front().found.emplace();
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = true}};
  trace_.senders = {{.pid = kUserOfIt, .first = kSent}};
  EXPECT_EQ(NameOf(Settled(findings)), "/usr/bin/user");
  trace_.senders = {{.pid = kUserOfIt, .first = kSent}, {.pid = kGiver, .first = kSent}};
  EXPECT_EQ(NameOf(Settled(findings)), "no-holder");
  trace_.senders = {{.pid = kUserOfIt, .first = kSent}};
  findings.candidates.front().found->timed_out = true;  // somebody may hold it
  EXPECT_EQ(NameOf(Settled(findings)), "timed-out");
}

TEST_F(DoubtSettlerTest, ASocketOfIpv6ThatIsGoneMayHaveBeenConnected) {
  family_v4_ = false;
  trace_.senders = {{.pid = kUserOfIt, .first = kSent}, {.pid = kGiver, .first = kSent}};
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = false}};
  EXPECT_EQ(NameOf(Settled(Nothing())), "no-socket");
}

TEST_F(DoubtSettlerTest, UdpLiteThatIsGoneIsWhoseWhoAloneSentADatagram) {
  const Connection connection = Packet(IpProtocol::kUdpLite);
  const Findings findings = Nothing(IpProtocol::kUdpLite);
  trace_.senders = {{.pid = kUserOfIt, .first = kSent}};
  trace_.askers = {{.pid = kUserOfIt, .first = kSent}};
  const Attribution settled = Settled(findings, connection);
  EXPECT_EQ(NameOf(settled), "/usr/bin/user");
  EXPECT_STREQ(settled.evidence.note, "it alone asked for a route there and sent a datagram");
  trace_.senders->push_back({.pid = kGiver, .first = kSent});
  EXPECT_EQ(NameOf(Settled(findings, connection)), "no-socket");
  trace_.senders = {{.pid = 0, .first = kSent}};
  EXPECT_EQ(NameOf(Settled(findings, connection)), "no-socket");
  trace_.senders = std::nullopt;
  EXPECT_EQ(NameOf(Settled(findings, connection)), "no-socket");
}

// The sender is recorded as it returns, and the packet may have been longer on its way to us than
// that: a stranger that sent to another host meanwhile is the only one recorded.
TEST_F(DoubtSettlerTest, UdpLiteIsNotWhoseWhoSentToAnotherHost) {
  const Connection connection = Packet(IpProtocol::kUdpLite);
  const Findings findings = Nothing(IpProtocol::kUdpLite);
  trace_.senders = {{.pid = kGiver, .first = kSent}};
  EXPECT_EQ(NameOf(Settled(findings, connection)), "no-socket");
  trace_.askers = {{.pid = kUserOfIt, .first = kSent}};
  EXPECT_EQ(NameOf(Settled(findings, connection)), "no-socket");
  EXPECT_EQ(trace_.asked_since, kSent - kRouteDoubt);
}

TEST_F(DoubtSettlerTest, UdpLiteThatNobodyHoldsAnyMoreIsLikeWhatIsGone) {
  const Connection connection = Packet(IpProtocol::kUdpLite);
  Findings findings = Nothing(IpProtocol::kUdpLite);
  findings.candidates = {SocketOf(SocketRank::kWildcard, {})};
  findings.candidates.front().found.emplace();
  trace_.senders = {{.pid = kUserOfIt, .first = kSent}};
  trace_.askers = {{.pid = kUserOfIt, .first = kSent}};
  EXPECT_EQ(NameOf(Settled(findings, connection)), "/usr/bin/user");
  trace_.askers->push_back({.pid = kGiver, .first = kSent});
  EXPECT_EQ(NameOf(Settled(findings, connection)), "no-holder");
  trace_.askers = {{.pid = kGiver, .first = kSent}};  // the other one sent something else
  EXPECT_EQ(NameOf(Settled(findings, connection)), "no-holder");
  trace_.askers = std::nullopt;
  EXPECT_EQ(NameOf(Settled(findings, connection)), "no-holder");
  trace_.askers = {{.pid = kUserOfIt, .first = kSent}};
  trace_.senders->push_back({.pid = kGiver, .first = kSent});
  EXPECT_EQ(NameOf(Settled(findings, connection)), "no-holder");
  trace_.senders->pop_back();
  findings.candidates.front().found->timed_out = true;  // somebody may hold it
  EXPECT_EQ(NameOf(Settled(findings, connection)), "timed-out");
  OwnerSearch::Found unnamed;
  unnamed.unnamed = {kGiver};
  findings.candidates.front().found = unnamed;
  EXPECT_EQ(NameOf(Settled(findings, connection)), "no-holder");
}

TEST_F(DoubtSettlerTest, UdpLiteThatIsHeldByTwoStaysADoubt) {
  const Connection connection = Packet(IpProtocol::kUdpLite);
  Findings findings = HeldByBoth(SocketRank::kWildcard);
  findings.protocol = IpProtocol::kUdpLite;
  trace_.senders = {{.pid = kUserOfIt, .first = kSent}};
  EXPECT_EQ(NameOf(Settled(findings, connection)), "ambiguous");
}

TEST_F(DoubtSettlerTest, ATcpConnectionIsWhoseConnectItWas) {
  trace_.askers = {{.pid = kUserOfIt, .first = kSent, .named_source = true}};
  const Connection connection = Packet(IpProtocol::kTcp);
  const Findings findings = Nothing(IpProtocol::kTcp);
  EXPECT_EQ(NameOf(Settled(findings, connection)), "/usr/bin/user");
}

class TcpOverIpv6 : public DoubtSettlerTest {
 protected:
  TcpOverIpv6() {
    family_v4_ = false;
    packet_ = Packet(IpProtocol::kTcp);
    gone_ = Nothing(IpProtocol::kTcp);
    // Its lookup of the route tells no port: whoever is said to have asked is not believed.
    trace_.askers = {{.pid = kGiver, .first = kSent, .named_source = true}};
  }
  static GivenUpConnect By(Pid pid, std::chrono::microseconds ended) {
    return {.pid = pid, .began = kSent, .ended = kSent + ended};
  }
  // It was there when the sockets were looked through, and nobody held it any more.
  Findings Unheld() const {
    Findings findings = HeldByBoth(SocketRank::kSameFlow);
    findings.protocol = IpProtocol::kTcp;
    findings.candidates.front().ranked.socket.protocol = IpProtocol::kTcp;
    findings.candidates.front().found->holders.clear();
    return findings;
  }

  Connection packet_;
  Findings gone_;
};

TEST_F(TcpOverIpv6, IsWhoseSocketOfThesePortsIsGone) {
  trace_.given_up = {By(kUserOfIt, std::chrono::microseconds(10))};
  const Attribution settled = Settled(gone_, packet_);
  EXPECT_EQ(NameOf(settled), "/usr/bin/user");
  EXPECT_EQ(settled.confidence, Confidence::kLikely);
  EXPECT_STREQ(settled.evidence.note, "it alone connected a socket of these ports, which is gone");
  EXPECT_EQ(trace_.asked_since, kSent - kRouteDoubt);
  // The same one twice: still it.
  trace_.given_up->push_back(By(kUserOfIt, std::chrono::microseconds(20)));
  EXPECT_EQ(NameOf(Settled(gone_, packet_)), "/usr/bin/user");
}

TEST_F(TcpOverIpv6, SeveralNobodyAndUnknownOnesLeaveTheDoubt) {
  trace_.given_up = {By(kUserOfIt, std::chrono::microseconds(10)),
                     By(kGiver, std::chrono::microseconds(5))};
  EXPECT_EQ(NameOf(Settled(gone_, packet_)), "no-socket");
  trace_.given_up->clear();
  EXPECT_EQ(NameOf(Settled(gone_, packet_)), "no-socket");
  trace_.given_up = {By(0, std::chrono::microseconds(10))};
  EXPECT_EQ(NameOf(Settled(gone_, packet_)), "no-socket");
  trace_.given_up = std::nullopt;
  EXPECT_EQ(NameOf(Settled(gone_, packet_)), "no-socket");
}

TEST_F(TcpOverIpv6, OneThatExecutedSinceItBeganLeavesTheDoubt) {
  trace_.given_up = {By(kUserOfIt, std::chrono::microseconds(10))};
  programs_.Executes(kUserOfIt);
  EXPECT_EQ(NameOf(Settled(gone_, packet_)), "no-socket");
}

TEST_F(TcpOverIpv6, ASocketThatWasThereMustHaveBeenClosedSinceThePacketCame) {
  trace_.given_up = {By(kUserOfIt, std::chrono::milliseconds(2))};
  EXPECT_EQ(NameOf(Settled(Unheld(), packet_)), "/usr/bin/user");
  trace_.given_up = {By(kUserOfIt, std::chrono::microseconds(999))};  // the one there is another's
  EXPECT_EQ(NameOf(Settled(Unheld(), packet_)), "no-holder");
  // Another had the addresses before, while the packet may have been sent.
  trace_.given_up = {By(kGiver, std::chrono::microseconds(10)),
                     By(kUserOfIt, std::chrono::milliseconds(2))};
  EXPECT_EQ(NameOf(Settled(Unheld(), packet_)), "no-holder");
}

TEST_F(DoubtSettlerTest, OfAConnectedSocketWhoeverAloneOfItsHoldersSent) {
  trace_.askers = {{.pid = kGiver, .first = kSent, .named_source = true}};  // by connect(2)
  trace_.senders = {{.pid = kUserOfIt, .first = kSent}};
  const Attribution settled = Settled(HeldByBoth(SocketRank::kSameFlow));
  EXPECT_EQ(NameOf(settled), "/usr/bin/user");
  EXPECT_STREQ(settled.evidence.note, "of its holders it alone sent a datagram");
  EXPECT_EQ(trace_.asked_senders_since, kSent - kUncountedDelay);
}

TEST_F(DoubtSettlerTest, TwoHoldersThatSentLeaveIt) {
  trace_.senders = {{.pid = kUserOfIt, .first = kSent}, {.pid = kGiver, .first = kSent}};
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kSameFlow))), "ambiguous");
}

TEST_F(DoubtSettlerTest, AHolderThatMayNotHaveReturnedFromSendingLeavesIt) {
  trace_.senders = {{.pid = kUserOfIt, .first = kSent}};
  proc_.Put({.pid = kUserOfIt, .uid = kItsUser, .exe = "/usr/bin/user", .state = 'R'});
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kSameFlow))), "/usr/bin/user");
  proc_.Put({.pid = kGiver, .uid = kItsUser, .exe = "/usr/bin/giver", .state = 'R'});
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kSameFlow))), "ambiguous");
}

TEST_F(DoubtSettlerTest, NoHolderThatSentLeavesIt) {
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kSameFlow))), "ambiguous");
  trace_.senders = std::nullopt;
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kSameFlow))), "ambiguous");
}

TEST_F(DoubtSettlerTest, AStrangerThatSentIsNoMatterUnlessItHoldsTheSocket) {
  Put(kOtherProcess, "/usr/bin/stranger");
  trace_.senders = {{.pid = kOtherProcess, .first = kSent}, {.pid = kUserOfIt, .first = kSent}};
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kSameFlow))), "/usr/bin/user");
  proc_.PutSocket(kOtherProcess, 5, kSocket);
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kSameFlow))), "ambiguous");
}

TEST_F(DoubtSettlerTest, OneThatSentAndEndedLeavesItIfItMayHaveBeenARelative) {
  trace_.senders = {{.pid = kOtherProcess, .first = kSent}, {.pid = kUserOfIt, .first = kSent}};
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kSameFlow))), "ambiguous");  // nobody knows it
  Put(kOtherProcess, "/usr/bin/stranger");
  proc_.Kill(kOtherProcess);
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kSameFlow))), "/usr/bin/user");
  Put(kOtherProcess, "/usr/bin/child", kGiver);
  proc_.Kill(kOtherProcess);
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kSameFlow))), "ambiguous");
}

TEST_F(DoubtSettlerTest, ARelativeThatSentAndLetGoOfItLeavesIt) {
  Put(kOtherProcess, "/usr/bin/child", kGiver);
  trace_.senders = {{.pid = kOtherProcess, .first = kSent}, {.pid = kUserOfIt, .first = kSent}};
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kSameFlow))), "ambiguous");
}

TEST_F(DoubtSettlerTest, MoreSendersThanCanBeLookedAtLeaveIt) {
  trace_.senders = {{.pid = kUserOfIt, .first = kSent}};
  for (std::size_t i = 0; i < DoubtSettler::kMaxSenders; ++i) {
    trace_.senders->push_back({.pid = static_cast<Pid>(1000 + i), .first = kSent});
  }
  EXPECT_EQ(NameOf(Settled(HeldByBoth(SocketRank::kSameFlow))), "ambiguous");
}

}  // namespace
}  // namespace procwall
