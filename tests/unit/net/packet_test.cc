// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/packet.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/packet_builder.h"
#include "tests/support/packet_text.h"

namespace procwall {
namespace {

PacketBuilder V4() { return PacketBuilder().V4("10.0.0.1", "10.0.0.2"); }
PacketBuilder V6() { return PacketBuilder().V6("2001:db8::1", "2001:db8::2"); }

std::string Parsed(const std::vector<std::byte>& bytes) { return TextOf(ParsePacket(bytes)); }

TEST(ParsePacket, ReadsTheSynOfATcpConnection) {
  EXPECT_EQ(Parsed(V4().Tcp(4000, 443, kSyn, 5).Build()),
            "tcp 10.0.0.1:4000 > 10.0.0.2:443 flags=2");
  EXPECT_EQ(Parsed(V6().Tcp(4000, 443, kSyn | kAck).Payload("x").Build()),
            "tcp6 [2001:db8::1]:4000 > [2001:db8::2]:443 flags=18 payload=x");
}

TEST(ParsePacket, ReadsEveryProtocolWithPorts) {
  EXPECT_EQ(Parsed(V4().Udp(53, 4000).Payload("x").Build()),
            "udp 10.0.0.1:53 > 10.0.0.2:4000 payload=x");
  EXPECT_EQ(Parsed(V6().UdpLite(53, 4000).Payload("x").Build()),
            "udplite6 [2001:db8::1]:53 > [2001:db8::2]:4000 payload=x");
  EXPECT_EQ(Parsed(V4().Sctp(53, 4000).Payload("x").Build()),
            "sctp 10.0.0.1:53 > 10.0.0.2:4000 payload=x");
  EXPECT_EQ(Parsed(V6().Dccp(53, 4000).Payload("x").Build()),
            "dccp6 [2001:db8::1]:53 > [2001:db8::2]:4000 payload=x");
}

TEST(ParsePacket, ReadsAPingAndItsAnswer) {
  EXPECT_EQ(Parsed(V4().Icmp(8, 0, 77).Build()), "icmp 10.0.0.1:77 > 10.0.0.2:0 type=8");
  EXPECT_EQ(Parsed(V6().Icmp(129, 0, 77).Build()),
            "icmp6 [2001:db8::1]:0 > [2001:db8::2]:77 type=129");
}

TEST(ParsePacket, LeavesThePacketInsideAnIcmpErrorAlone) {
  const auto inner = V4().Tcp(4000, 443, kSyn).Build();
  const auto error = V4().Icmp(3, 3).Payload(inner).Build();
  const Result<Packet> packet = ParsePacket(error);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->source.port, 0);
  EXPECT_EQ(packet->destination.port, 0);
  EXPECT_EQ(TextOf(packet->payload), TextOf(inner));
}

TEST(ParsePacket, GivesOtherProtocolsNoPorts) {
  EXPECT_EQ(Parsed(V4().Protocol(47).Payload("x").Build()),
            "ip-47 10.0.0.1:0 > 10.0.0.2:0 payload=x");
  EXPECT_EQ(Parsed(V6().Build()), "ip6-59 [2001:db8::1]:0 > [2001:db8::2]:0");
}

TEST(ParsePacket, FindsThePortsBehindExtensionHeaders) {
  EXPECT_EQ(Parsed(V6().HopByHop().Routing(3).Authentication().Udp(53, 4000).Build()),
            "udp6 [2001:db8::1]:53 > [2001:db8::2]:4000");
}

TEST(ParsePacket, FindsThePortsInTheFirstFragment) {
  EXPECT_EQ(Parsed(V4().Fragment(0, true).Udp(53, 4000).Build()),
            "udp 10.0.0.1:53 > 10.0.0.2:4000 fragment");
  EXPECT_EQ(Parsed(V6().Fragment(0, true).Udp(53, 4000).Build()),
            "udp6 [2001:db8::1]:53 > [2001:db8::2]:4000 fragment");
}

TEST(ParsePacket, LeavesLaterFragmentsToTheFirst) {
  EXPECT_EQ(Parsed(V4().Fragment(185, false).Udp(53, 4000).Build()),
            "read later ipv4 fragment: unsupported");
}

TEST(ParsePacket, RejectsATcpHeaderCutInHalf) {
  auto packet = V4().Tcp(4000, 443, kSyn).Build();
  packet.resize(20 + 10);
  EXPECT_EQ(Parsed(packet), "read tcp header: truncated");
}

// A first fragment so small that the flags come in the second one.
TEST(ParsePacket, RejectsATcpHeaderSplitOverFragments) {
  auto packet = V4().Fragment(0, true).AnnouncedLength(28).Tcp(4000, 443, kSyn).Build();
  EXPECT_EQ(Parsed(packet), "read tcp header: truncated");
}

TEST(ParsePacket, ReadsASegmentTooLargeForItsLengthField) {
  EXPECT_EQ(Parsed(V4().AnnouncedLength(0).Tcp(4000, 443, kAck).Payload("x").Build()),
            "tcp 10.0.0.1:4000 > 10.0.0.2:443 flags=16 payload=x");
  EXPECT_EQ(Parsed(V6().HopByHop().AnnouncedLength(0).Tcp(4000, 443, kAck).Payload("x").Build()),
            "tcp6 [2001:db8::1]:4000 > [2001:db8::2]:443 flags=16 payload=x");
}

// One packet of every kind, and the size of its headers.
struct WholePacket {
  std::vector<std::byte> bytes;
  std::size_t header_size;
};
std::vector<WholePacket> Samples() {
  const std::string payload = "payload";
  std::vector<WholePacket> samples;
  const auto add = [&](PacketBuilder& builder) {
    const auto bytes = builder.Payload(payload).Build();
    samples.push_back({bytes, bytes.size() - payload.size()});
  };
  for (const PacketBuilder& ip : {V4(), V4().Options(10), V6(), V6().HopByHop().Fragment(0, true),
                                  V6().Routing(4).Authentication().DestinationOptions(2)}) {
    add(PacketBuilder(ip).Tcp(4000, 443, kSyn, 10));
    add(PacketBuilder(ip).Udp(4000, 443));
    add(PacketBuilder(ip).UdpLite(4000, 443));
    add(PacketBuilder(ip).Sctp(4000, 443));
    add(PacketBuilder(ip).Dccp(4000, 443));
    add(PacketBuilder(ip).Icmp(8, 0, 77));
    add(PacketBuilder(ip).Protocol(47));
  }
  return samples;
}

TEST(ParsePacket, CutAnywhereIsEitherTruncatedOrThePacketWithLessPayload) {
  for (const WholePacket& sample : Samples()) {
    Packet whole = ParsePacket(sample.bytes).value();
    for (std::size_t size = 0; size <= sample.bytes.size(); ++size) {
      const Result<Packet> packet = ParsePacket(Bytes(sample.bytes).first(size));
      if (size < sample.header_size) {
        ASSERT_FALSE(packet);
        ASSERT_EQ(packet.error().code, Errc::kTruncated);
        continue;
      }
      whole.payload = Bytes(sample.bytes).subspan(sample.header_size, size - sample.header_size);
      ASSERT_EQ(TextOf(packet), TextOf(whole));
    }
  }
}

TEST(ParsePacket, StaysInsideThePacketHoweverItsBytesAreFlipped) {
  for (const WholePacket& sample : Samples()) {
    for (std::size_t bit = 0; bit < sample.bytes.size() * 8; ++bit) {
      auto damaged = sample.bytes;
      damaged[bit / 8] ^= std::byte{1} << (bit % 8);
      const Result<Packet> packet = ParsePacket(damaged);
      if (!packet) continue;
      ASSERT_EQ(packet->source.address.Family(), packet->family);
      ASSERT_EQ(packet->destination.address.Family(), packet->family);
      ASSERT_LE(packet->payload.size(), damaged.size());
    }
  }
}

TEST(ParsePacket, GivesBackWhatWasBuilt) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same packets in every run
  const auto port = [&] { return static_cast<std::uint16_t>(random()); };
  for (int i = 0; i < 2000; ++i) {
    const bool v4 = random() % 2 == 0;
    PacketBuilder builder = v4 ? V4().Options(random() % 11) : V6();
    if (!v4 && random() % 2 == 0) builder.HopByHop(static_cast<std::uint8_t>(1 + random() % 32));
    for (auto n = random() % 4; !v4 && n > 0; --n) {
      builder.Extension(60, static_cast<std::uint8_t>(1 + random() % 32));
    }
    const Endpoint from{IpAddress::Parse(v4 ? "10.0.0.1" : "2001:db8::1").value(), port()};
    const Endpoint to{IpAddress::Parse(v4 ? "10.0.0.2" : "2001:db8::2").value(), port()};
    const auto flags = static_cast<std::uint8_t>(1 + random() % 63);
    const std::string payload(1 + random() % 100, 'p');
    builder.Tcp(from.port, to.port, flags, static_cast<std::uint8_t>(random() % 11));
    ASSERT_EQ(Parsed(builder.Payload(payload).Build()),
              fmt::format("{} {} > {} flags={} payload={}", v4 ? "tcp" : "tcp6", from, to, flags,
                          payload));
  }
}

}  // namespace
}  // namespace procwall
