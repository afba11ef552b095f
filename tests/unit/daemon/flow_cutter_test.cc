// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_cutter.h"

#include <cerrno>
#include <memory>

#include <gtest/gtest.h>

#include "net/flow_message.h"
#include "tests/support/fake_socket_table.h"
#include "tests/support/flow_reply.h"

namespace procwall {
namespace {

using Outcome = FlowCutter::Outcome;

class FlowCutterTest : public testing::Test {
 protected:
  // The flow of the socket with cookie 7.
  static Flow Decided(IpProtocol protocol = IpProtocol::kTcp) {
    Flow flow{SampleFlow(), nullptr, {}};
    flow.tracked.protocol = protocol;
    if (protocol != IpProtocol::kTcp) flow.tracked.state.reset();
    Event event;
    event.sequence = 1;
    event.connection = Connection{.protocol = protocol,
                                  .local = flow.tracked.original.source,
                                  .remote = flow.tracked.original.destination};
    event.attribution.evidence.cookie = 7;
    flow.owner = std::make_shared<const Event>(std::move(event));
    return flow;
  }
  static SocketEntry SocketOf(const Flow& flow, std::uint64_t cookie = 7) {
    SocketEntry socket;
    socket.protocol = flow.tracked.protocol;
    socket.local = flow.tracked.original.source;
    socket.remote = flow.tracked.original.destination;
    socket.state = SocketState::kEstablished;
    socket.cookie = cookie;
    return socket;
  }
  Outcome Cut(const Flow& flow, FlowCutter::Port port = FlowCutter::Port::kOwn) {
    FlowCutter cutter(table.TakeDiag(), conntrack.TakeSocket());
    return cutter.Cut(flow, port);
  }
  void ConntrackSays(int code) { conntrack.Say(NetlinkError(code, 1)); }
  bool WasRemoved() const { return !conntrack.Hear().empty(); }

  FakeSocketTable table;
  NetlinkPeer conntrack;
};

TEST_F(FlowCutterTest, ClosesTheSocketAndRemovesTheEntry) {
  const Flow flow = Decided();
  table.KnowsProtocol().Finds(SocketOf(flow)).Destroys();
  ConntrackSays(0);
  EXPECT_EQ(Cut(flow), Outcome::kCut);
  EXPECT_EQ(table.TakeRequests(), 3U);
  EXPECT_TRUE(WasRemoved());
}

TEST_F(FlowCutterTest, TheSocketsResetMayHaveEndedTheEntry) {
  const Flow flow = Decided();
  table.KnowsProtocol().Finds(SocketOf(flow)).Destroys();
  ConntrackSays(ENOENT);
  EXPECT_EQ(Cut(flow), Outcome::kCut);
}

TEST_F(FlowCutterTest, TouchesNothingIfAnotherSocketHasTheEndsNow) {
  const Flow flow = Decided();
  table.KnowsProtocol().Finds(SocketOf(flow, 8));
  EXPECT_EQ(Cut(flow), Outcome::kGone);
  EXPECT_EQ(table.TakeRequests(), 2U);
  EXPECT_FALSE(WasRemoved());
}

TEST_F(FlowCutterTest, SaysThatTcpWithoutItsSocketMayGoOn) {
  table.KnowsProtocol().FindsNothing();
  ConntrackSays(0);
  EXPECT_EQ(Cut(Decided()), Outcome::kEntryOnly);
}

TEST_F(FlowCutterTest, SaysWhatHasEnded) {
  table.KnowsProtocol().FindsNothing();
  ConntrackSays(ENOENT);
  EXPECT_EQ(Cut(Decided()), Outcome::kGone);
}

TEST_F(FlowCutterTest, LeavesADatagramSocketWithOtherPeersAlone) {
  const Flow flow = Decided(IpProtocol::kUdp);
  SocketEntry unconnected = SocketOf(flow);
  unconnected.remote = {};
  table.KnowsProtocol().Finds(unconnected);
  ConntrackSays(0);
  EXPECT_EQ(Cut(flow, FlowCutter::Port::kShared), Outcome::kCut);
  EXPECT_EQ(table.TakeRequests(), 2U);
  EXPECT_TRUE(WasRemoved());
}

TEST_F(FlowCutterTest, ClosesADatagramSocketWithThisPeerAlone) {
  const Flow flow = Decided(IpProtocol::kUdp);
  SocketEntry unconnected = SocketOf(flow);
  unconnected.remote = {};
  table.KnowsProtocol().Finds(unconnected).Destroys();
  ConntrackSays(0);
  EXPECT_EQ(Cut(flow), Outcome::kCut);
  EXPECT_EQ(table.TakeRequests(), 3U);
}

TEST_F(FlowCutterTest, OfAPingTheEntryIsAll) {
  ConntrackSays(0);
  EXPECT_EQ(Cut(Decided(IpProtocol::kIcmp)), Outcome::kCut);
  EXPECT_EQ(table.TakeRequests(), 0U);
}

TEST_F(FlowCutterTest, ClosesTheSocketOfAFlowThatCameInAndNobodyDecidedAbout) {
  Flow flow = Decided();
  flow.owner = nullptr;
  SocketEntry server = SocketOf(flow);
  std::swap(server.local, server.remote);
  table.KnowsProtocol().FindsNothing().Finds(server).Destroys();
  ConntrackSays(0);
  EXPECT_EQ(Cut(flow), Outcome::kCut);
}

TEST_F(FlowCutterTest, TcpThatIsNotTrackedIsCutByItsCookie) {
  const Flow flow = Decided();
  table.KnowsProtocol().Finds(SocketOf(flow)).Destroys();
  FlowCutter cutter(table.TakeDiag(), conntrack.TakeSocket());
  EXPECT_EQ(cutter.CutSocket(*flow.owner), Outcome::kCut);
  EXPECT_FALSE(WasRemoved());
}

TEST(FlowText, NamesBothEnds) {
  EXPECT_EQ(FlowText(SampleFlow()), "tcp 10.0.0.1:40000 -> 192.0.2.1:443");
}

}  // namespace
}  // namespace procwall
