// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/ip_header.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/packet_builder.h"
#include "tests/support/packet_text.h"

namespace procwall {
namespace {

PacketBuilder Ipv4Builder() { return PacketBuilder().V4("10.0.0.1", "10.0.0.2"); }
PacketBuilder Ipv6Builder() { return PacketBuilder().V6("2001:db8::1", "2001:db8::2"); }

// "253 10.0.0.1 > 10.0.0.2 payload=x", or the error.
std::string ParsedHeader(const std::vector<std::byte>& bytes) {
  const Result<IpHeader> ip = ParseIpHeader(bytes);
  if (!ip) return ip.error().ToString();
  return fmt::format("{} {} > {}{} payload={}", static_cast<unsigned>(ip->protocol), ip->source,
                     ip->destination, ip->is_fragment ? " fragment" : "", TextOf(ip->payload));
}

TEST(ParseIpHeader, RefusesEveryOtherVersion) {
  for (unsigned version = 0; version < 16; ++version) {
    if (version == 4 || version == 6) continue;
    std::vector<std::byte> packet = Ipv4Builder().Protocol(253).Build();
    packet[0] = static_cast<std::byte>(version << 4 | 5);
    EXPECT_EQ(ParsedHeader(packet), "check ip version: malformed") << version;
  }
}

TEST(ParseIpHeader, RefusesNothingAtAll) {
  EXPECT_EQ(ParsedHeader({}), "read ip version: truncated");
}

TEST(ParseIpHeaderV4, ReadsThePlainHeader) {
  EXPECT_EQ(ParsedHeader(Ipv4Builder().Protocol(253).Payload("x").Build()),
            "253 10.0.0.1 > 10.0.0.2 payload=x");
}

TEST(ParseIpHeaderV4, SkipsTheOptions) {
  EXPECT_EQ(ParsedHeader(Ipv4Builder().Options(10).Protocol(253).Payload("x").Build()),
            "253 10.0.0.1 > 10.0.0.2 payload=x");
}

TEST(ParseIpHeaderV4, RefusesAHeaderSmallerThanItself) {
  std::vector<std::byte> packet = Ipv4Builder().Protocol(253).Payload("x").Build();
  packet[0] = std::byte{0x44};
  EXPECT_EQ(ParsedHeader(packet), "check ipv4 header size: malformed");
}

TEST(ParseIpHeaderV4, RefusesATotalLengthThatEndsInTheHeader) {
  EXPECT_EQ(ParsedHeader(Ipv4Builder().Options(1).Protocol(253).AnnouncedLength(23).Build()),
            "check ipv4 total length: malformed");
}

TEST(ParseIpHeaderV4, CutsWhatLiesBehindTheTotalLength) {
  EXPECT_EQ(
      ParsedHeader(Ipv4Builder().Protocol(253).AnnouncedLength(21).Payload("x padding").Build()),
      "253 10.0.0.1 > 10.0.0.2 payload=x");
}

TEST(ParseIpHeaderV4, TakesWhatIsThereWhenTheCopyWasCut) {
  EXPECT_EQ(ParsedHeader(Ipv4Builder().Protocol(253).AnnouncedLength(1500).Payload("x").Build()),
            "253 10.0.0.1 > 10.0.0.2 payload=x");
}

TEST(ParseIpHeaderV4, TakesWhatIsThereWhenTheLengthIsTooLargeToSay) {
  EXPECT_EQ(ParsedHeader(Ipv4Builder().Protocol(253).AnnouncedLength(0).Payload("x").Build()),
            "253 10.0.0.1 > 10.0.0.2 payload=x");
}

TEST(ParseIpHeaderV4, AcceptsTheFirstFragmentOnly) {
  EXPECT_EQ(ParsedHeader(Ipv4Builder().Fragment(0, true).Protocol(253).Build()),
            "253 10.0.0.1 > 10.0.0.2 fragment payload=");
  EXPECT_EQ(ParsedHeader(Ipv4Builder().Fragment(1, true).Protocol(253).Build()),
            "read later ipv4 fragment: unsupported");
  EXPECT_EQ(ParsedHeader(Ipv4Builder().Fragment(0x1fff, false).Protocol(253).Build()),
            "read later ipv4 fragment: unsupported");
}

TEST(ParseIpHeaderV4, LeavesAnAuthenticationHeaderToTheProtocol) {
  EXPECT_EQ(ParsedHeader(Ipv4Builder().Protocol(51).Payload("x").Build()),
            "51 10.0.0.1 > 10.0.0.2 payload=x");
}

TEST(ParseIpHeaderV6, ReadsThePlainHeader) {
  EXPECT_EQ(ParsedHeader(Ipv6Builder().Protocol(253).Payload("x").Build()),
            "253 2001:db8::1 > 2001:db8::2 payload=x");
}

TEST(ParseIpHeaderV6, WalksEveryKindOfExtensionHeader) {
  EXPECT_EQ(ParsedHeader(Ipv6Builder()
                             .HopByHop()
                             .DestinationOptions(3)
                             .Routing(5)
                             .Fragment(0, false)
                             .Authentication()
                             .Mobility(2)
                             .Extension(139, 5)
                             .Extension(140, 1)
                             .DestinationOptions(1)
                             .Protocol(253)
                             .Payload("x")
                             .Build()),
            "253 2001:db8::1 > 2001:db8::2 payload=x");
}

TEST(ParseIpHeaderV6, StopsAtNoNextHeader) {
  EXPECT_EQ(ParsedHeader(Ipv6Builder().DestinationOptions().Build()),
            "59 2001:db8::1 > 2001:db8::2 payload=");
}

TEST(ParseIpHeaderV6, StopsAtAnEncryptedPayload) {
  EXPECT_EQ(ParsedHeader(Ipv6Builder().HopByHop().Protocol(50).Payload("x").Build()),
            "50 2001:db8::1 > 2001:db8::2 payload=x");
}

TEST(ParseIpHeaderV6, AcceptsHopByHopInTheFirstPlaceOnly) {
  EXPECT_EQ(ParsedHeader(Ipv6Builder().Routing().HopByHop().Protocol(253).Build()),
            "check ipv6 hop-by-hop place: malformed");
}

TEST(ParseIpHeaderV6, AcceptsTheFirstFragmentOnly) {
  EXPECT_EQ(ParsedHeader(Ipv6Builder().Fragment(0, true).Protocol(253).Build()),
            "253 2001:db8::1 > 2001:db8::2 fragment payload=");
  EXPECT_EQ(ParsedHeader(Ipv6Builder().Fragment(1, false).Protocol(253).Build()),
            "read later ipv6 fragment: unsupported");
  EXPECT_EQ(ParsedHeader(Ipv6Builder().Fragment(1, true).Protocol(253).Build()),
            "read later ipv6 fragment: unsupported");
}

TEST(ParseIpHeaderV6, BoundsTheNumberOfExtensionHeaders) {
  PacketBuilder most = Ipv6Builder();
  for (int i = 0; i < kMaxExtensionHeaders; ++i) most.DestinationOptions();
  PacketBuilder one_more = most;
  EXPECT_EQ(ParsedHeader(most.Protocol(253).Build()), "253 2001:db8::1 > 2001:db8::2 payload=");
  EXPECT_EQ(ParsedHeader(one_more.DestinationOptions().Protocol(253).Build()),
            "count ipv6 extension headers: unsupported");
}

TEST(ParseIpHeaderV6, RefusesAnExtensionHeaderThatReachesBehindThePayloadLength) {
  EXPECT_EQ(
      ParsedHeader(Ipv6Builder().Routing(2).Protocol(253).AnnouncedLength(12).Payload("x").Build()),
      "read ipv6 extension header: truncated");
}

TEST(ParseIpHeaderV6, CutsWhatLiesBehindThePayloadLength) {
  EXPECT_EQ(
      ParsedHeader(
          Ipv6Builder().Routing().Protocol(253).AnnouncedLength(9).Payload("x padding").Build()),
      "253 2001:db8::1 > 2001:db8::2 payload=x");
}

TEST(ParseIpHeaderV6, TakesWhatIsThereWhenTheCopyWasCut) {
  EXPECT_EQ(ParsedHeader(Ipv6Builder().Protocol(253).AnnouncedLength(1400).Payload("x").Build()),
            "253 2001:db8::1 > 2001:db8::2 payload=x");
}

TEST(ParseIpHeaderV6, TakesWhatIsThereOfAJumbogram) {
  EXPECT_EQ(
      ParsedHeader(Ipv6Builder().HopByHop().Protocol(253).AnnouncedLength(0).Payload("x").Build()),
      "253 2001:db8::1 > 2001:db8::2 payload=x");
}

TEST(ParseIpHeaderV6, RefusesAMappedAddressOnTheWire) {
  EXPECT_EQ(ParsedHeader(PacketBuilder().V6("::ffff:10.0.0.1", "::1").Protocol(253).Build()),
            "check ipv6 addresses: malformed");
  EXPECT_EQ(ParsedHeader(PacketBuilder().V6("::1", "::ffff:10.0.0.1").Protocol(253).Build()),
            "check ipv6 addresses: malformed");
}

TEST(ParseIpHeader, LooksAtEveryBitOfAFragmentsOffset) {
  for (unsigned bit = 0; bit < 13; ++bit) {
    const auto offset = static_cast<std::uint16_t>(1U << bit);
    EXPECT_EQ(ParsedHeader(Ipv4Builder().Fragment(offset, false).Protocol(253).Build()),
              "read later ipv4 fragment: unsupported");
    EXPECT_EQ(ParsedHeader(Ipv6Builder().Fragment(offset, false).Protocol(253).Build()),
              "read later ipv6 fragment: unsupported");
  }
}

TEST(ParseIpHeader, CallsEveryCutInsideTheHeadersTruncated) {
  const auto v4 = Ipv4Builder().Options(3).Protocol(253).Build();
  const auto v6 = Ipv6Builder().HopByHop().Routing(3).Fragment(0, true).Authentication().Build();
  for (const auto& packet : {v4, v6}) {
    for (std::size_t size = 0; size < packet.size(); ++size) {
      const Result<IpHeader> ip = ParseIpHeader(Bytes(packet).first(size));
      ASSERT_FALSE(ip) << size;
      ASSERT_EQ(ip.error().code, Errc::kTruncated) << size;
    }
    EXPECT_TRUE(ParseIpHeader(packet));
  }
}

}  // namespace
}  // namespace procwall
