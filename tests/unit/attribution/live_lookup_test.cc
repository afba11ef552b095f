// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/live_lookup.h"

#include <memory>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_proc.h"
#include "tests/support/fake_socket_table.h"
#include "tests/support/fake_witness.h"

namespace procwall {
namespace {

// Curl and its child hold one socket.
class LiveLookupTest : public testing::Test {
 protected:
  static constexpr Inode kInode = 4711;

  LiveLookupTest() {
    proc.Put({.pid = 100, .uid = 0, .exe = "/usr/bin/curl"});
    proc.Put({.pid = 101, .uid = 0, .exe = "/usr/bin/curl"});
    proc.PutSocket(100, 5, kInode);
    proc.PutSocket(101, 5, kInode);
  }

  static Connection Flow(IpProtocol protocol) {
    Connection connection;
    connection.protocol = protocol;
    connection.local = {IpAddress::V4({10, 0, 0, 2}), 40000};
    connection.remote = {IpAddress::V4({192, 0, 2, 1}), 443};
    return connection;
  }
  static SocketEntry SocketOf(const Connection& connection) {
    SocketEntry socket;
    socket.protocol = connection.protocol;
    socket.local = connection.local;
    socket.remote = connection.remote;
    socket.state = SocketState::kEstablished;
    socket.inode = kInode;
    return socket;
  }
  Attribution LookUp(const Connection& connection) {
    LiveLookup lookup(clock, proc.Open(), table.TakeDiag());
    return ConcludeNow(lookup.FindHolders(connection), connection, witness, programs, clock.Now());
  }

  FakeClock clock;
  FakeProc proc;
  FakeSocketTable table;
  FakeWitness witness;
  FakePrograms programs;
  const Connection tcp = Flow(IpProtocol::kTcp);
  const Connection udp = Flow(IpProtocol::kUdp);
};

TEST_F(LiveLookupTest, KnowsEveryHolder) {
  table.KnowsProtocol().Finds(SocketOf(tcp));
  const Attribution attribution = LookUp(tcp);
  EXPECT_EQ(attribution.confidence, Confidence::kCertain);
  EXPECT_EQ(attribution.evidence.ToString(),
            "exact socket 4711 same-flow, holder from walk (2 holders), all holders known");
}

TEST_F(LiveLookupTest, ComparesTheSocketsOfADatagramsPort) {
  SocketEntry twin = SocketOf(udp);
  twin.inode = 4712;
  proc.Put({.pid = 102, .uid = 0, .exe = "/usr/bin/dig"});
  proc.PutSocket(102, 3, 4712);
  table.KnowsProtocol().Dumps({SocketOf(udp), twin}).Dumps({});
  const Attribution attribution = LookUp(udp);
  EXPECT_EQ(attribution.confidence, Confidence::kAmbiguous);
  EXPECT_EQ(attribution.processes.size(), 3U);
}

TEST_F(LiveLookupTest, DoesNotBlameAListener) {
  SocketEntry listener = SocketOf(tcp);
  listener.remote = {};
  listener.state = SocketState::kListen;
  table.KnowsProtocol().Finds(listener).Dumps({listener});
  const Attribution attribution = LookUp(tcp);
  EXPECT_EQ(attribution.unknown_reason, UnknownReason::kNoSocket);
  EXPECT_EQ(attribution.evidence.alternatives.size(), 1U);
}

TEST_F(LiveLookupTest, SaysThatTheKernelRefused) {
  table.Fails(EPERM);
  EXPECT_EQ(LookUp(udp).unknown_reason, UnknownReason::kLookupFailed);
}

// Who sent it, as the kernel saw.
class WitnessedLookupTest : public LiveLookupTest {
 protected:
  WitnessedLookupTest() {
    Process process;
    process.id = {200, 1};
    process.path = "/usr/bin/dig";
    dig = std::make_shared<const Process>(process);
    programs.KnowLater(dig);
    use.socket.user = Actor{.program = {.id = dig->id, .executable = {1, 2}}};
    use.socket.used_at = clock.Now();
  }

  ProcessPtr dig;
  FlowUse use;
};

TEST_F(WitnessedLookupTest, BelievesTheWitnessMore) {
  witness.Saw(KeyOf(tcp), use);
  table.KnowsProtocol().Finds(SocketOf(tcp));
  EXPECT_EQ(LookUp(tcp).processes, std::vector<ProcessPtr>{dig});
}

TEST_F(WitnessedLookupTest, RemembersASocketThatIsGone) {
  witness.SawGhost(KeyOf(udp), use);
  table.KnowsProtocol().Dumps({}).Dumps({});
  const Attribution attribution = LookUp(udp);
  EXPECT_EQ(attribution.confidence, Confidence::kLikely);
  EXPECT_EQ(attribution.processes, std::vector<ProcessPtr>{dig});
}

}  // namespace
}  // namespace procwall
