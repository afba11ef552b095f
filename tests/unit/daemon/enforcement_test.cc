// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/enforcement.h"

#include <cerrno>

#include <gtest/gtest.h>

#include "tests/support/fake_socket_table.h"
#include "tests/support/fake_verdicts.h"

namespace procwall {
namespace {

using Answers = FakeVerdicts::Answers;

class EnforcementTest : public testing::Test {
 protected:
  RuleAction CarryOut(RuleAction judged, const Attribution& attribution = {},
                      Mode mode = Mode::kEnforce) {
    Enforcement enforcement(diag_, marks_, counters, mode);
    return enforcement.CarryOut(HeldPacket(verdicts, 1, enforcement.IfDropped()), judged,
                                attribution, connection);
  }
  // A program, by a TCP socket of this rank, out of so many.
  static Attribution Found(Confidence confidence, SocketRank rank = SocketRank::kSameFlow,
                           std::uint32_t candidates = 1) {
    SocketEntry socket;
    socket.local = {IpAddress::V4({10, 0, 0, 2}), 40000};
    socket.remote = {IpAddress::V4({192, 0, 2, 1}), 443};
    Attribution attribution;
    attribution.confidence = confidence;
    attribution.evidence.socket = RankedSocket{socket, rank};
    attribution.evidence.candidates = candidates;
    return attribution;
  }

  // As the witness saw it, without a lookup.
  static Attribution Seen(std::uint64_t cookie) {
    Attribution attribution;
    attribution.confidence = Confidence::kCertain;
    attribution.evidence.socket_source = SocketSource::kWitness;
    attribution.evidence.cookie = cookie;
    attribution.evidence.candidates = 1;
    return attribution;
  }
  static SocketEntry SocketWith(std::uint64_t cookie) {
    SocketEntry socket = Found(Confidence::kCertain).evidence.socket->socket;
    socket.cookie = cookie;
    return socket;
  }

  Connection connection{.protocol = IpProtocol::kTcp,
                        .local = {IpAddress::V4({10, 0, 0, 2}), 40000},
                        .remote = {IpAddress::V4({192, 0, 2, 1}), 443}};
  FakeSocketTable table;
  FakeVerdicts verdicts;
  Counters counters;

 private:
  SocketDiag diag_{table.TakeDiag()};
  FlowMarks marks_;
};

TEST_F(EnforcementTest, AcceptsWhatIsAllowed) {
  EXPECT_EQ(CarryOut(RuleAction::kAllow), RuleAction::kAllow);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kAccept}}));
  EXPECT_EQ(counters.allowed.Get(), 1U);
}

TEST_F(EnforcementTest, DropsWhatIsDeniedAndLeavesItsSocketAlone) {
  EXPECT_EQ(CarryOut(RuleAction::kDeny, Found(Confidence::kCertain)), RuleAction::kDeny);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
  EXPECT_EQ(counters.denied.Get(), 1U);
  EXPECT_EQ(table.TakeRequests(), 0U);
}

TEST_F(EnforcementTest, ARejectClosesTheSocket) {
  table.KnowsProtocol().Destroys();
  EXPECT_EQ(CarryOut(RuleAction::kReject, Found(Confidence::kLikely)), RuleAction::kReject);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
  EXPECT_EQ(counters.rejected.Get(), 1U);
}

TEST_F(EnforcementTest, ARejectOfWhatComesInClosesNoListener) {
  connection.direction = Direction::kIncoming;
  EXPECT_EQ(CarryOut(RuleAction::kReject, Found(Confidence::kCertain)), RuleAction::kDeny);
  EXPECT_EQ(table.TakeRequests(), 0U);
}

TEST_F(EnforcementTest, ARejectOfWhatTheWitnessSawClosesThatVerySocket) {
  table.KnowsProtocol().Finds(SocketWith(7)).Destroys();
  EXPECT_EQ(CarryOut(RuleAction::kReject, Seen(7)), RuleAction::kReject);
  EXPECT_EQ(counters.rejected.Get(), 1U);
}

TEST_F(EnforcementTest, ARejectClosesNoOtherSocketThatTookItsPlace) {
  table.KnowsProtocol().Finds(SocketWith(8));
  EXPECT_EQ(CarryOut(RuleAction::kReject, Seen(7)), RuleAction::kDeny);
  EXPECT_EQ(counters.denied.Get(), 1U);
}

TEST_F(EnforcementTest, ARejectOfASocketWhoseHolderIsUnknownClosesItAllTheSame) {
  table.KnowsProtocol().Destroys();
  EXPECT_EQ(CarryOut(RuleAction::kReject, Found(Confidence::kUnknown)), RuleAction::kReject);
}

TEST_F(EnforcementTest, ARejectThatTheKernelRefusesIsADeny) {
  table.KnowsProtocol().Fails(EPERM);
  EXPECT_EQ(CarryOut(RuleAction::kReject, Found(Confidence::kLikely)), RuleAction::kDeny);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
  EXPECT_EQ(counters.denied.Get(), 1U);
}

TEST_F(EnforcementTest, ARejectWithoutASocketIsADeny) {
  EXPECT_EQ(CarryOut(RuleAction::kReject), RuleAction::kDeny);
  EXPECT_EQ(table.TakeRequests(), 0U);
}

TEST_F(EnforcementTest, ARejectNeverClosesASocketThatMayBeAnotherPrograms) {
  EXPECT_EQ(CarryOut(RuleAction::kReject, Found(Confidence::kAmbiguous)), RuleAction::kDeny);
  EXPECT_EQ(CarryOut(RuleAction::kReject, Found(Confidence::kUnknown, SocketRank::kWildcard, 2)),
            RuleAction::kDeny);
  EXPECT_EQ(CarryOut(RuleAction::kReject, Found(Confidence::kLikely, SocketRank::kSamePort)),
            RuleAction::kDeny);
  EXPECT_EQ(table.TakeRequests(), 0U);
}

TEST_F(EnforcementTest, ARejectClosesTheOnlySocketThatCouldHaveSentThePacket) {
  table.KnowsProtocol().Destroys();
  EXPECT_EQ(CarryOut(RuleAction::kReject, Found(Confidence::kCertain, SocketRank::kWildcard)),
            RuleAction::kReject);
}

TEST_F(EnforcementTest, ObserveModeAcceptsEverything) {
  EXPECT_EQ(CarryOut(RuleAction::kReject, Found(Confidence::kCertain), Mode::kObserve),
            RuleAction::kAllow);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kAccept}}));
  EXPECT_EQ(counters.allowed.Get(), 1U);
  EXPECT_EQ(table.TakeRequests(), 0U);
}

TEST_F(EnforcementTest, AForgottenPacketIsDroppedUnlessNothingIsEnforced) {
  SocketDiag diag(NetlinkSocket{UniqueFd()});
  FlowMarks marks;
  EXPECT_EQ(Enforcement(diag, marks, counters, Mode::kEnforce).IfDropped(), Verdict::kDrop);
  EXPECT_EQ(Enforcement(diag, marks, counters, Mode::kObserve).IfDropped(), Verdict::kAccept);
}

}  // namespace
}  // namespace procwall
