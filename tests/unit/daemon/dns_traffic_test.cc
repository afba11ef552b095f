// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/dns_traffic.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/support/dns_builder.h"
#include "tests/support/packet_builder.h"

namespace procwall {
namespace {

constexpr std::uint8_t kLocalIn = 1;   // NF_INET_LOCAL_IN
constexpr std::uint8_t kLocalOut = 3;  // NF_INET_LOCAL_OUT

std::vector<std::byte> Query(std::string_view name) {
  return DnsBuilder().Flags(0x0100).Question(name).Build();
}

// A packet and the bytes it points into.
struct Parsed {
  explicit Parsed(PacketBuilder builder) : bytes(builder.Build()) {}
  std::vector<std::byte> bytes;
  Packet packet = ParsePacket(bytes).value();
};

bool IsAnswer(std::uint8_t hook, const PacketBuilder& builder) {
  QueuedPacket queued;
  queued.hook = hook;
  return IsDnsAnswer(queued, Parsed(builder).packet);
}

std::string Asked(const PacketBuilder& builder) { return AskedName(Parsed(builder).packet); }

TEST(IsDnsAnswer, IsWhatComesInFromPort53OverUdp) {
  EXPECT_TRUE(IsAnswer(kLocalIn, PacketBuilder().V4("192.0.2.53", "10.0.0.2").Udp(53, 40000)));
  EXPECT_TRUE(IsAnswer(kLocalIn, PacketBuilder().V6("2001:db8::53", "::1").Udp(53, 40000)));
}

TEST(IsDnsAnswer, IsNothingElse) {
  const PacketBuilder answer = PacketBuilder().V4("192.0.2.53", "10.0.0.2").Udp(53, 40000);
  EXPECT_FALSE(IsAnswer(kLocalOut, answer));
  EXPECT_FALSE(IsAnswer(kLocalIn, PacketBuilder().V4("192.0.2.53", "10.0.0.2").Udp(54, 53)));
  EXPECT_FALSE(IsAnswer(kLocalIn, PacketBuilder().V4("192.0.2.53", "10.0.0.2").Tcp(53, 4, kSyn)));
}

TEST(AskedName, IsThatOfTheFirstQuestion) {
  const auto two = DnsBuilder().Flags(0x0100).Question("a.example").Question("b.example").Build();
  EXPECT_EQ(Asked(PacketBuilder().V4("10.0.0.2", "192.0.2.53").Udp(4, 53).Payload(two)),
            "a.example");
}

TEST(AskedName, IsEmptyWhenNothingIsAsked) {
  const PacketBuilder to_server = PacketBuilder().V4("10.0.0.2", "192.0.2.53").Udp(4, 53);
  const auto answer = DnsBuilder().Question("a.example").Build();
  EXPECT_EQ(Asked(to_server), "");
  EXPECT_EQ(Asked(PacketBuilder(to_server).Payload("not a DNS message")), "");
  EXPECT_EQ(Asked(PacketBuilder(to_server).Payload(DnsBuilder().Flags(0x0100).Build())), "");
  EXPECT_EQ(Asked(PacketBuilder(to_server).Payload(answer)), "");
}

TEST(AskedName, IsEmptyOnAnotherPortOrProtocol) {
  const auto query = Query("a.example");
  EXPECT_EQ(Asked(PacketBuilder().V4("10.0.0.2", "192.0.2.53").Udp(4, 54).Payload(query)), "");
  EXPECT_EQ(Asked(PacketBuilder().V4("10.0.0.2", "192.0.2.53").Tcp(4, 53, kSyn).Payload(query)),
            "");
}

}  // namespace
}  // namespace procwall
