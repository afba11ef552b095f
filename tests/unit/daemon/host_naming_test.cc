// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Which name a connection gets: whose answer it was, and what the packet says.
#include "daemon/host_naming.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/dns_builder.h"
#include "tests/support/packet_builder.h"
#include "tests/support/quic_initial_builder.h"
#include "tests/unit/daemon/pipeline_world.h"

namespace procwall {
namespace {

constexpr std::string_view kHost = "10.0.0.2";
constexpr std::string_view kServer = "192.0.2.53";

IpAddress Address(std::string_view text) { return IpAddress::Parse(text).value(); }

// A witness that sees everything; programs are told apart by their ports.
class HostNamingTest : public PipelineWorld {
 protected:
  HostNamingTest() {
    for (const Pid pid : {7, 8}) {
      programs.Know(std::make_shared<const Process>(
          Process{.id = {pid, 1}, .path = "/bin/" + std::to_string(pid)}));
    }
  }
  void Saw(Pid pid, IpProtocol protocol, Port from, std::string_view to, Port port) {
    FlowUse use;
    use.socket.user = Actor{.program = {.id = {pid, 1}, .executable = {1, 2}}};
    use.socket.hook = WitnessHook::kConnect;
    witness.Saw(
        {.protocol = protocol, .local = {Address(kHost), from}, .remote = {Address(to), port}},
        std::move(use));
  }

  void Ask(Pid pid, Port from, std::string_view name) {
    Saw(pid, IpProtocol::kUdp, from, kServer, 53);
    const auto query = DnsBuilder().Flags(0x0100).Question(name).Build();
    Begin(++id_, PacketBuilder().V4(kHost, kServer).Udp(from, 53).Payload(query).Build());
  }
  void Answer(Port to, std::string_view name, std::string_view address) {
    const auto answer = DnsBuilder().Question(name).Answer(name, address, 60).Build();
    Begin(++id_, PacketBuilder().V4(kServer, kHost).Udp(53, to).Payload(answer).Build(),
          kIncomingHook);
  }
  // What the event of this connection says: "dns a.example".
  std::string NameOfConnection(Pid pid, Port from, std::string_view to) {
    Saw(pid, IpProtocol::kTcp, from, to, 443);
    Begin(++id_, PacketBuilder().V4(kHost, to).Tcp(from, 443, kSyn).Build());
    return NameOfLast();
  }
  std::string NameOfLast() const {
    const Event& last = *Events().back();
    return std::string(NameSourceName(last.name_from)) + " " + last.host;
  }
  void SendQuic(std::string_view server, Port port = 443) {
    const auto packet = QuicInitial(CryptoFrame(0, TlsHello(server)));
    Saw(7, IpProtocol::kUdp, 50000, "192.0.2.1", port);
    Begin(++id_, PacketBuilder().V4(kHost, "192.0.2.1").Udp(50000, port).Payload(packet).Build());
  }

  std::uint32_t id_ = 0;
};

// On another processor it may be here before the packet thread has returned from the verdict.
TEST_F(HostNamingTest, KnowsWhoAskedByTheTimeOfTheVerdict) {
  const auto answer =
      DnsBuilder().Question("a.example").Answer("a.example", "192.0.2.1", 60).Build();
  const auto bytes = PacketBuilder().V4(kServer, kHost).Udp(53, 5007).Payload(answer).Build();
  QueuedPacket queued;
  queued.hook = kIncomingHook;
  queued.payload = bytes;
  const auto packet = ParsePacket(bytes);
  ASSERT_TRUE(packet);
  std::vector<Pid> askers;
  verdicts.when_answered = [&] {
    for (const auto& expected : Names().AnswersIn(queued, *packet)) {
      askers.push_back(expected.asker.process.pid);
    }
  };
  Ask(7, 5007, "a.example");
  EXPECT_EQ(askers, std::vector<Pid>{7});
}

TEST_F(HostNamingTest, EachProgramSeesTheNameItAskedFor) {
  Ask(7, 5007, "a.example");
  Ask(8, 5008, "b.example");
  Answer(5007, "a.example", "192.0.2.1");
  Answer(5008, "b.example", "192.0.2.1");
  EXPECT_EQ(NameOfConnection(7, 40007, "192.0.2.1"), "dns a.example");
  EXPECT_EQ(NameOfConnection(8, 40008, "192.0.2.1"), "dns b.example");
}

TEST_F(HostNamingTest, ANameThatAnotherProgramAskedForIsCalledThat) {
  Ask(7, 5007, "a.example");
  Answer(5007, "a.example", "192.0.2.1");
  EXPECT_EQ(NameOfConnection(8, 40008, "192.0.2.1"), "dns-other-program a.example");
}

TEST_F(HostNamingTest, AQueryCarriesItsOwnName) {
  Ask(7, 5007, "a.example");
  EXPECT_EQ(NameOfLast(), "query a.example");
}

TEST_F(HostNamingTest, AnAnswerThatNobodyAskedForOnAFlowThatAsksNamesNothing) {
  Ask(7, 5007, "a.example");
  Answer(5007, "evil.example", "192.0.2.1");
  EXPECT_EQ(NameOfConnection(7, 40007, "192.0.2.1"), " ");
}

TEST_F(HostNamingTest, AnAnswerOverTcpIsForWhoeverConnected) {
  Saw(7, IpProtocol::kTcp, 5007, kServer, 53);
  Begin(++id_, PacketBuilder().V4(kHost, kServer).Tcp(5007, 53, kSyn).Build());
  const auto answer =
      DnsBuilder().Question("a.example").Answer("a.example", "192.0.2.1", 60).Build();
  const auto framed =
      ByteWriter().Put(static_cast<std::uint16_t>(answer.size())).Put(Bytes(answer)).Take();
  Begin(++id_, PacketBuilder().V4(kServer, kHost).Tcp(53, 5007, kAck).Payload(framed).Build(),
        kIncomingHook);
  EXPECT_EQ(NameOfConnection(7, 40007, "192.0.2.1"), "dns a.example");
  EXPECT_EQ(NameOfConnection(8, 40008, "192.0.2.1"), "dns-other-program a.example");
}

TEST_F(HostNamingTest, AQuicPacketToAnAddressWithoutNameTellsItself) {
  SendQuic("quic.example");
  EXPECT_EQ(NameOfLast(), "sni quic.example");
  EXPECT_EQ(Events().back()->sni, "quic.example");
}

TEST_F(HostNamingTest, AKnownNameCountsMoreThanWhatThePacketSays) {
  Answer(5007, "a.example", "192.0.2.1");
  SendQuic("quic.example");
  EXPECT_EQ(NameOfLast(), "dns-other-program a.example");
  EXPECT_EQ(Events().back()->sni, "");  // nobody asks: it is not looked for
}

TEST_F(HostNamingTest, ARuleThatAsksForTheServerNameGetsIt) {
  Rules({Rule{.name = "sni", .enabled = true, .op = {"simple", "dest.sni", "quic.example"}}});
  Answer(5007, "a.example", "192.0.2.1");
  SendQuic("quic.example", 8443);
  EXPECT_EQ(Told().back(), "deny by sni: 192.0.2.1:8443 certain /bin/7");
  SendQuic("other.example", 8443);
  EXPECT_EQ(Told().back(), "allow by default: 192.0.2.1:8443 certain /bin/7");
}

// A TLS client: its server's name follows the packet that was decided.
class PipelineTlsTest : public HostNamingTest {
 protected:
  PipelineTlsTest() { looks_into_tls = true; }
  void Connect(Port port = 443) {
    Saw(7, IpProtocol::kTcp, 50000, "192.0.2.1", port);
    Begin(++id_, PacketBuilder().V4(kHost, "192.0.2.1").Tcp(50000, port, kSyn).Build());
  }
  void Say(Bytes data, Port port = 443) {
    Begin(
        ++id_,
        PacketBuilder().V4(kHost, "192.0.2.1").Tcp(50000, port, kPsh | kAck).Payload(data).Build());
  }
  void SayHello(std::string_view server, Port port = 443) {
    Say(TlsRecords(TlsHello(server)), port);
  }
  void DenyServer(std::string_view server) {
    Rules(
        {Rule{.name = "sni", .enabled = true, .op = {"simple", "dest.sni", std::string(server)}}});
  }
  Verdict Last() const { return verdicts.All().back().second; }
};

TEST_F(PipelineTlsTest, AConnectionToAnAddressWithoutNameGetsTheNameThatItSays) {
  Connect();
  EXPECT_EQ(Last(), Verdict::kAcceptAndMark);
  EXPECT_EQ(NameOfLast(), " ");
  SayHello("tls.example");
  EXPECT_EQ(Last(), Verdict::kAcceptAndUnmark);
  EXPECT_EQ(NameOfLast(), "sni tls.example");
  EXPECT_EQ(Told().back(), "allow by default: 192.0.2.1:443 certain /bin/7");
}

TEST_F(PipelineTlsTest, IsNotLookedForWhereANameIsKnownOrTlsUnusual) {
  Connect(80);
  EXPECT_EQ(Last(), Verdict::kAccept);
  Ask(7, 5007, "a.example");
  Answer(5007, "a.example", "192.0.2.1");
  Connect();
  EXPECT_EQ(Last(), Verdict::kAccept);
}

TEST_F(PipelineTlsTest, IsNotLookedForIfThatIsNotWanted) {
  looks_into_tls = false;
  DenyServer("tls.example");
  Connect();
  EXPECT_EQ(Last(), Verdict::kAccept);
}

TEST_F(PipelineTlsTest, ARuleThatAsksForTheNameDecidesAtAnyPort) {
  DenyServer("tls.example");
  Connect(4711);
  EXPECT_EQ(Last(), Verdict::kAcceptAndMark);
  SayHello("tls.example", 4711);
  EXPECT_EQ(Last(), Verdict::kDrop);
  EXPECT_EQ(Told().back(), "deny by sni: 192.0.2.1:4711 certain /bin/7");
  Say(TlsRecords(TlsHello("tls.example")), 4711);  // sent again
  EXPECT_EQ(Last(), Verdict::kDrop);
  Say(ByteWriter().Put("the rest").Take(), 4711);
  EXPECT_EQ(Last(), Verdict::kDrop);
}

TEST_F(PipelineTlsTest, AnotherServerPasses) {
  DenyServer("tls.example");
  Connect();
  SayHello("other.example");
  EXPECT_EQ(Last(), Verdict::kAcceptAndUnmark);
}

TEST_F(PipelineTlsTest, WhatIsNotTlsPassesWithoutAWord) {
  Connect();
  const std::size_t events = Events().size();
  Say(ByteWriter().Put("SSH-2.0").Take());
  EXPECT_EQ(Last(), Verdict::kAcceptAndUnmark);
  EXPECT_EQ(Events().size(), events);
}

TEST_F(PipelineTlsTest, ADataPacketThatNobodyExpectsIsJudged) {
  default_action = RuleAction::kDeny;
  Saw(7, IpProtocol::kTcp, 50000, "192.0.2.1", 443);
  SayHello("tls.example");
  EXPECT_EQ(Last(), Verdict::kDrop);
}

TEST_F(PipelineTlsTest, WhatARuleLetThroughIsNotJudgedByTheDefault) {
  default_action = RuleAction::kDeny;
  Rules({Rule{
      .name = "all", .enabled = true, .action = RuleAction::kAllow, .op = {"simple", "true", ""}}});
  Connect();
  Rules({});
  SayHello("tls.example");
  EXPECT_EQ(Told().back(), "allow by all: 192.0.2.1:443 certain /bin/7");
}

TEST_F(PipelineTlsTest, WhileItOnlyWatchesNothingIsDropped) {
  mode = Mode::kObserve;
  DenyServer("tls.example");
  Connect();
  SayHello("tls.example");
  EXPECT_EQ(Last(), Verdict::kAcceptAndUnmark);
}

TEST_F(HostNamingTest, WhatIsNotAuthenticIsNotBelieved) {
  auto packet = QuicInitial(CryptoFrame(0, TlsHello("quic.example")));
  packet.back() ^= std::byte{1};
  Saw(7, IpProtocol::kUdp, 50000, "192.0.2.1", 443);
  Begin(++id_, PacketBuilder().V4(kHost, "192.0.2.1").Udp(50000, 443).Payload(packet).Build());
  EXPECT_EQ(NameOfLast(), " ");
}

}  // namespace
}  // namespace procwall
