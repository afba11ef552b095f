// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/conclude.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_proc.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr Uid kUser = 1000;

ProcessPtr ProcessOf(Pid pid, const std::string& path, Uid uid = kUser) {
  Process process;
  process.id = {pid, 1};
  process.path = path;
  process.uid = uid;
  return std::make_shared<const Process>(process);
}
const ProcessPtr kCurl = ProcessOf(7, "/usr/bin/curl");
const ProcessPtr kCurlChild = ProcessOf(8, "/usr/bin/curl");
const ProcessPtr kWget = ProcessOf(9, "/usr/bin/wget");

// What a search found.
OwnerSearch::Found FoundAll(const std::vector<ProcessPtr>& processes) {
  OwnerSearch::Found found;
  found.all_holders_known = true;
  for (const ProcessPtr& process : processes) {
    Holder holder;
    holder.process = process;
    found.holders.push_back(holder);
  }
  return found;
}
OwnerSearch::Found FoundSome(const std::vector<ProcessPtr>& processes) {
  OwnerSearch::Found found = FoundAll(processes);
  found.all_holders_known = false;
  return found;
}

Candidate Tcp(SocketRank rank = SocketRank::kSameFlow) {
  Candidate candidate;
  candidate.ranked.rank = rank;
  candidate.ranked.socket.protocol = IpProtocol::kTcp;
  candidate.ranked.socket.state = SocketState::kSynSent;
  candidate.ranked.socket.uid = kUser;
  candidate.ranked.socket.inode = 100;
  return candidate;
}
Candidate Udp(SocketRank rank, Inode inode = 100) {
  Candidate candidate = Tcp(rank);
  candidate.ranked.socket.protocol = IpProtocol::kUdp;
  candidate.ranked.socket.state = SocketState::kClose;
  candidate.ranked.socket.inode = inode;
  return candidate;
}
Candidate With(Candidate candidate, OwnerSearch::Found found) {
  candidate.found = std::move(found);
  return candidate;
}
Candidate With(Candidate candidate, OwnerIndex::Recalled recalled) {
  candidate.recalled = std::move(recalled);
  return candidate;
}

Findings Of(SocketSource source, std::vector<Candidate> candidates) {
  Findings findings;
  findings.protocol =
      candidates.empty() ? IpProtocol::kTcp : candidates.front().ranked.socket.protocol;
  findings.packet_uid = kUser;
  findings.source = source;
  findings.candidates = std::move(candidates);
  return findings;
}
Findings Exact(Candidate candidate) { return Of(SocketSource::kExact, {std::move(candidate)}); }

void ExpectUnknown(const Findings& findings, UnknownReason reason) {
  const Attribution attribution = Conclude(findings);
  EXPECT_EQ(attribution.confidence, Confidence::kUnknown);
  EXPECT_STREQ(UnknownReasonName(attribution.unknown_reason), UnknownReasonName(reason));
  EXPECT_THAT(attribution.processes, IsEmpty());
}
void ExpectKnown(const Findings& findings, Confidence confidence,
                 const std::vector<ProcessPtr>& processes) {
  const Attribution attribution = Conclude(findings);
  EXPECT_STREQ(ConfidenceName(attribution.confidence), ConfidenceName(confidence));
  EXPECT_EQ(attribution.unknown_reason, UnknownReason::kNone);
  EXPECT_EQ(attribution.processes, processes);
}

TEST(Conclude, IsCertainOfTheOnlyHolderOfAConnectedSocket) {
  ExpectKnown(Exact(With(Tcp(), FoundAll({kCurl}))), Confidence::kCertain, {kCurl});
}

Candidate Listener() {
  Candidate candidate = Tcp(SocketRank::kWildcard);
  candidate.ranked.socket.state = SocketState::kListen;
  return candidate;
}

TEST(Conclude, AListenerTakesWhatComesIn) {
  Findings findings = Exact(With(Listener(), FoundAll({kCurl})));
  findings.packet_is_held = false;
  findings.packet_uid.reset();
  ExpectKnown(findings, Confidence::kCertain, {kCurl});
}

TEST(Conclude, OfAListenerThatWasNotTheKernelsChoiceItIsNotCertain) {
  Findings findings = Of(SocketSource::kDump, {With(Listener(), FoundAll({kCurl}))});
  findings.packet_is_held = false;
  ExpectKnown(findings, Confidence::kLikely, {kCurl});
}

TEST(Conclude, IsCertainOfAProgramWhoseProcessesShareTheSocket) {
  ExpectKnown(Exact(With(Tcp(), FoundAll({kCurl, kCurlChild}))), Confidence::kCertain,
              {kCurl, kCurlChild});
}

TEST(Conclude, CallsARecalledHolderLikely) {
  const Findings findings = Exact(With(Tcp(), {kCurl, HolderSource::kGuess}));
  ExpectKnown(findings, Confidence::kLikely, {kCurl});
  EXPECT_EQ(Conclude(findings).evidence.ToString(),
            "exact socket 100 same-flow, holder from guess, uid agrees");
}

TEST(Conclude, CallsAHolderLikelyIfOthersMayExist) {
  ExpectKnown(Exact(With(Tcp(), FoundSome({kCurl}))), Confidence::kLikely, {kCurl});
}

TEST(Conclude, IsAmbiguousIfHoldersRunDifferentPrograms) {
  ExpectKnown(Exact(With(Tcp(), FoundAll({kCurl, kWget}))), Confidence::kAmbiguous, {kCurl, kWget});
}

TEST(Conclude, PutsProcessesOfTheSocketsUserFirst) {
  const ProcessPtr root = ProcessOf(1, "/usr/sbin/nginx", 0);
  const ProcessPtr worker = ProcessOf(2, "/usr/sbin/nginx", kUser);
  ExpectKnown(Exact(With(Tcp(), FoundAll({root, worker}))), Confidence::kCertain, {worker, root});
}

TEST(Conclude, IsNeverCertainOfADatagramByAnExactLookup) {
  ExpectKnown(Exact(With(Udp(SocketRank::kWildcard), FoundAll({kCurl}))), Confidence::kLikely,
              {kCurl});
  ExpectKnown(Exact(With(Udp(SocketRank::kSameFlow), FoundAll({kCurl}))), Confidence::kLikely,
              {kCurl});
}

TEST(Conclude, IsCertainOfADatagramIfADumpShowsNoOtherSender) {
  ExpectKnown(Of(SocketSource::kDump, {With(Udp(SocketRank::kSameFlow), FoundAll({kCurl})),
                                       Udp(SocketRank::kOtherAddress, 200)}),
              Confidence::kCertain, {kCurl});
}

TEST(Conclude, IsNeverCertainOfADatagramsSocketThatIsNotConnected) {
  ExpectKnown(Of(SocketSource::kDump, {With(Udp(SocketRank::kWildcard), FoundAll({kCurl}))}),
              Confidence::kLikely, {kCurl});
}

TEST(Conclude, CallsADatagramLikelyIfAWorseSocketCouldHaveSentIt) {
  ExpectKnown(Of(SocketSource::kDump, {With(Udp(SocketRank::kSameFlow), FoundAll({kCurl})),
                                       Udp(SocketRank::kWildcard, 200)}),
              Confidence::kLikely, {kCurl});
}

Findings Held(Findings findings) {
  findings.packet_is_held = true;
  return findings;
}
Candidate WithUnderWay(Candidate candidate, std::uint32_t bytes) {
  candidate.ranked.socket.send_queue = bytes;
  return candidate;
}

TEST(Conclude, TellsTwinsApartByWhatIsUnderWay) {
  const Candidate idle = With(Udp(SocketRank::kWildcard, 101), FoundAll({kWget}));
  const Candidate sender = WithUnderWay(With(Udp(SocketRank::kWildcard), FoundAll({kCurl})), 768);
  const Findings findings = Held(Of(SocketSource::kDump, {idle, sender}));
  ExpectKnown(findings, Confidence::kLikely, {kCurl});
  EXPECT_THAT(Conclude(findings).evidence.alternatives,
              ElementsAre(Alternative{idle.ranked, kWget, AlternativeReason::kNothingUnderWay}));
}

TEST(Conclude, DoesNotBlameTheIdleTwinOfASocketThatIsGone) {
  const Candidate idle = With(Udp(SocketRank::kWildcard), FoundAll({kWget}));
  const Findings findings = Held(Of(SocketSource::kDump, {idle}));
  ExpectUnknown(findings, UnknownReason::kNoSocket);
  EXPECT_STREQ(Conclude(findings).evidence.note, "the sockets of this port have not sent it");
}

TEST(Conclude, IsCertainOfADatagramIfNothingElseIsUnderWay) {
  const Candidate idle = With(Udp(SocketRank::kWildcard, 101), FoundAll({kWget}));
  const Candidate sender = WithUnderWay(With(Udp(SocketRank::kSameFlow), FoundAll({kCurl})), 768);
  ExpectKnown(Held(Of(SocketSource::kDump, {sender, idle})), Confidence::kCertain, {kCurl});
}

TEST(Conclude, AsksNoTcpSocketWhatIsUnderWay) {
  ExpectKnown(Held(Exact(With(Tcp(), FoundAll({kCurl})))), Confidence::kCertain, {kCurl});
}

TEST(Conclude, DoesNotKnowIfTheHolderExecutedAnotherProgramMeanwhile) {
  Candidate candidate = With(Tcp(), FoundAll({kCurl}));
  candidate.executed_since = true;
  ExpectUnknown(Exact(candidate), UnknownReason::kExecutedSince);
}

TEST(Conclude, DoesNotKnowIfARelativeOfTheHolderEndedMeanwhile) {
  Candidate candidate = With(Tcp(), FoundAll({kCurl}));
  candidate.kin_ended = true;
  ExpectUnknown(Exact(candidate), UnknownReason::kProcessGone);
}

TEST(Conclude, DoesNotKnowIfTheHoldersRelativesWereNotAsked) {
  Candidate candidate = With(Tcp(), FoundAll({kCurl}));
  candidate.kin_unasked = true;
  ExpectUnknown(Exact(candidate), UnknownReason::kTimedOut);
}

TEST(Conclude, DoesNotKnowIfNobodyCanTellWhatAnotherHolderRuns) {
  OwnerSearch::Found found = FoundSome({kCurl});
  found.unnamed = {77};
  ExpectUnknown(Exact(With(Tcp(), found)), UnknownReason::kProcessGone);
}

TEST(Conclude, IsAmbiguousIfARelativeOfWhoWasRecalledHoldsItToo) {
  Candidate candidate = With(Tcp(), FoundSome({kWget}));
  candidate.recalled = OwnerIndex::Recalled{kCurl, HolderSource::kGuess};
  ExpectKnown(Exact(candidate), Confidence::kAmbiguous, {kCurl, kWget});
}

TEST(Conclude, DoesNotKnowIfTheHoldersParentsWereNotAsked) {
  OwnerSearch::Found found = FoundSome({kCurl});
  found.parents_unasked = true;
  ExpectUnknown(Exact(With(Tcp(), found)), UnknownReason::kTimedOut);
}

TEST(Conclude, IsAmbiguousIfTwinSocketsBelongToDifferentPrograms) {
  ExpectKnown(Of(SocketSource::kDump, {With(Udp(SocketRank::kWildcard, 100), FoundAll({kCurl})),
                                       With(Udp(SocketRank::kWildcard, 200), FoundAll({kWget}))}),
              Confidence::kAmbiguous, {kCurl, kWget});
}

TEST(Conclude, CallsTwinSocketsOfOneProgramLikely) {
  ExpectKnown(
      Of(SocketSource::kDump, {With(Udp(SocketRank::kWildcard, 100), FoundAll({kCurl})),
                               With(Udp(SocketRank::kWildcard, 200), FoundAll({kCurlChild}))}),
      Confidence::kLikely, {kCurl, kCurlChild});
}

TEST(Conclude, DoesNotKnowIfTheHolderOfATwinIsUnknown) {
  ExpectUnknown(Of(SocketSource::kDump, {With(Udp(SocketRank::kWildcard, 100), FoundAll({kCurl})),
                                         With(Udp(SocketRank::kWildcard, 200), FoundAll({}))}),
                UnknownReason::kNoHolder);
}

TEST(Conclude, LeavesTwinsOfOtherUsersOut) {
  Candidate other = With(Udp(SocketRank::kWildcard, 200), FoundAll({kWget}));
  other.ranked.socket.uid = 0;
  ExpectKnown(
      Of(SocketSource::kDump, {other, With(Udp(SocketRank::kWildcard, 100), FoundAll({kCurl}))}),
      Confidence::kLikely, {kCurl});
}

TEST(Conclude, CountsTwinsOfOtherUsersIfThePacketHasNoUid) {
  Candidate other = With(Udp(SocketRank::kWildcard, 200), FoundAll({kWget}));
  other.ranked.socket.uid = 0;
  Findings findings =
      Of(SocketSource::kDump, {With(Udp(SocketRank::kWildcard, 100), FoundAll({kCurl})), other});
  findings.packet_uid.reset();
  ExpectKnown(findings, Confidence::kAmbiguous, {kCurl, kWget});
  EXPECT_EQ(Conclude(findings).evidence.uid_agrees, std::nullopt);
}

TEST(Conclude, BelievesTheSocketOfThisFlowLessIfItsUidDiffers) {
  Findings findings = Exact(With(Tcp(), FoundAll({kCurl})));
  findings.packet_uid = 0;
  ExpectKnown(findings, Confidence::kLikely, {kCurl});
  EXPECT_EQ(Conclude(findings).evidence.uid_agrees, false);
}

TEST(Conclude, DoesNotBelieveAnotherSocketIfItsUidDiffers) {
  Findings findings =
      Of(SocketSource::kDump, {With(Udp(SocketRank::kWildcard), FoundAll({kCurl}))});
  findings.packet_uid = 0;
  ExpectUnknown(findings, UnknownReason::kNoSocket);
  EXPECT_EQ(Conclude(findings).evidence.uid_agrees, false);
}

TEST(Conclude, CallsAMulticastSenderOnAnotherAddressLikely) {
  const Findings findings =
      Of(SocketSource::kDump, {With(Udp(SocketRank::kOtherAddress), FoundAll({kCurl}))});
  ExpectKnown(findings, Confidence::kLikely, {kCurl});
  EXPECT_STREQ(Conclude(findings).evidence.note, "its socket is bound to another address");
}

TEST(Conclude, DoesNotBlameAnotherTcpConnectionOnThePort) {
  ExpectUnknown(Of(SocketSource::kDump, {With(Tcp(SocketRank::kSamePort), FoundAll({kCurl}))}),
                UnknownReason::kNoSocket);
}

TEST(Conclude, PrefersASocketWithAFileAmongEquals) {
  ExpectKnown(Of(SocketSource::kDump, {Udp(SocketRank::kWildcard, 0),
                                       With(Udp(SocketRank::kWildcard), FoundAll({kCurl}))}),
              Confidence::kLikely, {kCurl});
}

TEST(Conclude, TellsWhatElseCameIntoQuestionAndWhyNot) {
  Candidate roots = Udp(SocketRank::kWildcard, 200);
  roots.ranked.socket.uid = 0;
  const Candidate twin = With(Udp(SocketRank::kWildcard, 300), FoundAll({kWget}));
  const Candidate worse = Udp(SocketRank::kOtherAddress, 400);
  const Candidate fileless = Udp(SocketRank::kWildcard, 0);
  const Attribution attribution =
      Conclude(Of(SocketSource::kDump, {With(Udp(SocketRank::kWildcard), FoundAll({kCurl})), roots,
                                        twin, worse, fileless}));
  EXPECT_EQ(attribution.evidence.alternatives,
            (std::vector<Alternative>{{roots.ranked, nullptr, AlternativeReason::kOtherUid},
                                      {twin.ranked, kWget, AlternativeReason::kEqual},
                                      {worse.ranked, nullptr, AlternativeReason::kFitsLess},
                                      {fileless.ranked, nullptr, AlternativeReason::kNoFile}}));
}

TEST(Conclude, TellsOfTheOtherConnectionsOfATcpPort) {
  const Candidate other = Tcp(SocketRank::kSamePort);
  EXPECT_EQ(
      Conclude(Of(SocketSource::kDump, {other})).evidence.alternatives,
      (std::vector<Alternative>{{other.ranked, nullptr, AlternativeReason::kOtherConnection}}));
}

TEST(Conclude, TellsOfAFewAlternativesOnly) {
  const std::vector<Candidate> many(100, With(Udp(SocketRank::kWildcard), FoundAll({kCurl})));
  EXPECT_EQ(Conclude(Of(SocketSource::kDump, many)).evidence.alternatives.size(), kMaxAlternatives);
}

TEST(Conclude, AllocatesNoAlternativesForTheOnlyCandidate) {
  EXPECT_EQ(Conclude(Exact(With(Tcp(), FoundAll({kCurl})))).evidence.alternatives.capacity(), 0U);
}

struct StateCase {
  SocketState state;
  UnknownReason reason;
};
class ConcludeWithoutFile : public testing::TestWithParam<StateCase> {};

TEST_P(ConcludeWithoutFile, NamesTheReasonByTheState) {
  Candidate candidate = Tcp();
  candidate.ranked.socket.inode = 0;
  candidate.ranked.socket.uid = 0;
  candidate.ranked.socket.state = GetParam().state;
  ExpectUnknown(Exact(candidate), GetParam().reason);
  EXPECT_EQ(Conclude(Exact(candidate)).evidence.uid_agrees, std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    States, ConcludeWithoutFile,
    testing::Values(StateCase{SocketState::kEstablished, UnknownReason::kNotAccepted},
                    StateCase{SocketState::kSynRecv, UnknownReason::kNotAccepted},
                    StateCase{SocketState::kNewSynRecv, UnknownReason::kNotAccepted},
                    StateCase{SocketState::kCloseWait, UnknownReason::kNotAccepted},
                    StateCase{SocketState::kTimeWait, UnknownReason::kSocketClosed},
                    StateCase{SocketState::kFinWait1, UnknownReason::kSocketClosed},
                    StateCase{SocketState::kLastAck, UnknownReason::kSocketClosed}));

TEST(Conclude, SaysThatADatagramSocketWasClosed) {
  ExpectUnknown(Exact(Udp(SocketRank::kWildcard, 0)), UnknownReason::kSocketClosed);
}

TEST(Conclude, SaysThatThereIsNoSocket) {
  ExpectUnknown(Of(SocketSource::kDump, {}), UnknownReason::kNoSocket);
}

TEST(Conclude, SaysThatNobodyHoldsTheSocket) {
  ExpectUnknown(Exact(With(Tcp(), FoundAll({}))), UnknownReason::kNoHolder);
}

TEST(Conclude, SaysThatTheHolderVanished) {
  OwnerSearch::Found found;
  found.holder_vanished = true;
  ExpectUnknown(Exact(With(Tcp(), found)), UnknownReason::kProcessGone);
}

TEST(Conclude, SaysThatTheSearchTimedOut) {
  OwnerSearch::Found found;
  found.timed_out = true;
  ExpectUnknown(Exact(With(Tcp(), found)), UnknownReason::kTimedOut);
  ExpectUnknown(Exact(Tcp()), UnknownReason::kTimedOut);
}

TEST(Conclude, SaysThatThereWasNoRoomForTheSearch) {
  Findings findings = Exact(Tcp());
  findings.overloaded = true;
  ExpectUnknown(findings, UnknownReason::kOverloaded);
}

TEST(Conclude, SaysThatTheKernelRefused) {
  Findings findings = Of(SocketSource::kExact, {});
  findings.lookup_error = Error{Errc::kSystem, 12, "query socket"};
  ExpectUnknown(findings, UnknownReason::kLookupFailed);
  EXPECT_STREQ(Conclude(findings).evidence.note, "query socket");
}

TEST(Conclude, SaysThatAProtocolHasNoSockets) {
  Findings findings = Of(SocketSource::kNone, {});
  findings.lookup_error = Error{Errc::kUnsupported, 0, "query socket"};
  ExpectUnknown(findings, UnknownReason::kNotAttributable);
}

TEST(SocketsToSearch, AreTheSuspectsThatNobodyIsKnownToHold) {
  const Findings findings = Of(
      SocketSource::kDump, {With(Udp(SocketRank::kWildcard, 100), {kCurl, HolderSource::kIndex}),
                            Udp(SocketRank::kWildcard, 200), Udp(SocketRank::kOtherAddress, 300)});
  const auto wanted = SocketsToSearch(findings);
  ASSERT_EQ(wanted.size(), 1U);
  EXPECT_EQ(wanted.front().inode, 200U);
  EXPECT_EQ(wanted.front().uid, kUser);
}

TEST(SocketsToSearch, AreNoneForASocketWithoutAFile) {
  EXPECT_THAT(SocketsToSearch(Exact(Udp(SocketRank::kWildcard, 0))), IsEmpty());
}

}  // namespace
}  // namespace procwall
