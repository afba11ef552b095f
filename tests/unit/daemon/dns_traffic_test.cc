// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/dns_traffic.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/byte_writer.h"
#include "tests/support/dns_builder.h"
#include "tests/support/fake_clock.h"
#include "tests/support/packet_builder.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint8_t kLocalIn = 1;     // NF_INET_LOCAL_IN
constexpr std::uint8_t kOutputHook = 3;  // NF_INET_LOCAL_OUT

std::vector<std::byte> Query(std::string_view name) {
  return DnsBuilder().Flags(0x0100).Question(name).Build();
}

// A packet and the bytes it points into.
struct ParsedTraffic {
  explicit ParsedTraffic(PacketBuilder builder) : bytes(builder.Build()) {}
  std::vector<std::byte> bytes;
  Packet packet = ParsePacket(bytes).value();
};

bool IsAnswer(std::uint8_t hook, const PacketBuilder& builder) {
  QueuedPacket queued;
  queued.hook = hook;
  return IsDnsAnswer(queued, ParsedTraffic(builder).packet);
}

std::string Asked(const PacketBuilder& builder) {
  return QuestionOf(ParsedTraffic(builder).packet).name;
}

TEST(IsDnsAnswer, IsWhatComesInFromPort53) {
  EXPECT_TRUE(IsAnswer(kLocalIn, PacketBuilder().V4("192.0.2.53", "10.0.0.2").Udp(53, 40000)));
  EXPECT_TRUE(IsAnswer(kLocalIn, PacketBuilder().V6("2001:db8::53", "::1").Udp(53, 40000)));
  const PacketBuilder segment = PacketBuilder().V4("192.0.2.53", "10.0.0.2").Tcp(53, 4, kAck);
  EXPECT_TRUE(IsAnswer(kLocalIn, segment));
}

TEST(IsDnsAnswer, IsNothingElse) {
  const PacketBuilder answer = PacketBuilder().V4("192.0.2.53", "10.0.0.2").Udp(53, 40000);
  EXPECT_FALSE(IsAnswer(kOutputHook, answer));
  EXPECT_FALSE(IsAnswer(kLocalIn, PacketBuilder().V4("192.0.2.53", "10.0.0.2").Udp(54, 53)));
  EXPECT_FALSE(IsAnswer(kLocalIn, PacketBuilder().V4("192.0.2.53", "10.0.0.2").Tcp(53, 4, kSyn)));
}

TEST(QuestionOf, IsThatOfTheFirstQuestion) {
  const auto two = DnsBuilder().Flags(0x0100).Question("a.example").Question("b.example").Build();
  EXPECT_EQ(Asked(PacketBuilder().V4("10.0.0.2", "192.0.2.53").Udp(4, 53).Payload(two)),
            "a.example");
}

TEST(QuestionOf, IsEmptyWhenNothingIsAsked) {
  const PacketBuilder to_server = PacketBuilder().V4("10.0.0.2", "192.0.2.53").Udp(4, 53);
  const auto answer = DnsBuilder().Question("a.example").Build();
  EXPECT_EQ(Asked(to_server), "");
  EXPECT_EQ(Asked(PacketBuilder(to_server).Payload("not a DNS message")), "");
  EXPECT_EQ(Asked(PacketBuilder(to_server).Payload(DnsBuilder().Flags(0x0100).Build())), "");
  EXPECT_EQ(Asked(PacketBuilder(to_server).Payload(answer)), "");
}

TEST(QuestionOf, IsEmptyOnAnotherPortOrProtocol) {
  const auto query = Query("a.example");
  EXPECT_EQ(Asked(PacketBuilder().V4("10.0.0.2", "192.0.2.53").Udp(4, 54).Payload(query)), "");
  EXPECT_EQ(Asked(PacketBuilder().V4("10.0.0.2", "192.0.2.53").Tcp(4, 53, kSyn).Payload(query)),
            "");
}

TEST(QuestionOf, HasTheIdOfTheQuery) {
  const auto query = Query("a.example");
  EXPECT_EQ(QuestionOf(ParsedTraffic(
                           PacketBuilder().V4("10.0.0.2", "192.0.2.53").Udp(4, 53).Payload(query))
                           .packet)
                .id,
            DnsBuilder::kId);
}

// What is learnt from packets that come in, as "a.example for curl".
class ReadDnsAnswersTest : public testing::Test {
 protected:
  static FlowKey Flow(IpProtocol protocol) {
    return {protocol, {IpAddress::V4({10, 0, 0, 2}), 40000}, {IpAddress::V4({192, 0, 2, 53}), 53}};
  }
  static std::vector<std::byte> Answer(std::string_view name) {
    return DnsBuilder().Question(name).Answer(name, "192.0.2.1", 60).Build();
  }
  void ReadDatagram(Bytes payload) {
    Read(PacketBuilder().V4("192.0.2.53", "10.0.0.2").Udp(53, 40000).Payload(payload));
  }
  void ReadSegment(std::uint32_t sequence, Bytes payload, std::size_t cut = 0,
                   std::uint8_t flags = kAck) {
    Read(PacketBuilder()
             .V4("192.0.2.53", "10.0.0.2")
             .Tcp(53, 40000, flags, 0, sequence)
             .Payload(payload),
         cut);
  }
  void Read(const PacketBuilder& builder, std::size_t cut = 0) {
    const ParsedTraffic parsed(builder);
    QueuedPacket queued;
    queued.payload = parsed.bytes;
    queued.original_size = parsed.bytes.size() + cut;
    ReadDnsAnswers(queued, parsed.packet, queries_,
                   [this](const DnsMessage& answer, const NameAsker& asker) {
                     learnt_.push_back(answer.questions.front() + " for " + asker.program);
                   });
  }

  FakeClock clock_;
  DnsQueries queries_{clock_};
  std::vector<std::string> learnt_;
};

TEST_F(ReadDnsAnswersTest, ADatagramIsForWhoeverAsked) {
  queries_.Ask(Flow(IpProtocol::kUdp), DnsBuilder::kId, "a.example", {"curl"});
  ReadDatagram(Answer("a.example"));
  EXPECT_THAT(learnt_, ElementsAre("a.example for curl"));
}

TEST_F(ReadDnsAnswersTest, ADatagramThatAnswersSomethingElseIsPassedOver) {
  queries_.Ask(Flow(IpProtocol::kUdp), DnsBuilder::kId, "a.example", {"curl"});
  ReadDatagram(Answer("evil.example"));
  ReadDatagram(AsBytes("nothing"));
  ReadDatagram(Query("a.example"));
  EXPECT_THAT(learnt_, IsEmpty());
}

std::vector<std::byte> Framed(Bytes message) {
  return ByteWriter().Put(static_cast<std::uint16_t>(message.size())).Put(message).Take();
}

TEST_F(ReadDnsAnswersTest, AConnectionsSegmentsAreForWhoeverConnected) {
  queries_.Connect(Flow(IpProtocol::kTcp), {"curl"});
  ReadSegment(1000, {}, 0, kSyn | kAck);
  const auto message = Framed(Answer("a.example"));
  ReadSegment(1001, Bytes(message).first(2));
  ReadSegment(1003, Bytes(message).subspan(2, 7));
  ReadSegment(1010, Bytes(message).subspan(9));
  EXPECT_THAT(learnt_, ElementsAre("a.example for curl"));
}

TEST_F(ReadDnsAnswersTest, WhatWasCutWhenItWasCopiedIsReadAsFarAsItGoes) {
  DnsBuilder builder;
  builder.Question("a.example").Answer("a.example", "192.0.2.1", 60);
  const auto message = Framed(builder.Answer("a.example", "192.0.2.2", 60).Build());
  ReadSegment(1, Bytes(message).first(message.size() - 5), 5);
  EXPECT_THAT(learnt_, ElementsAre("a.example for "));
}

}  // namespace
}  // namespace procwall
