// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/transport_header.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/byte_writer.h"
#include "tests/support/packet_text.h"

namespace procwall {
namespace {

constexpr std::uint16_t kFrom = 4000;
constexpr std::uint16_t kTo = 443;

// "4000 > 443 payload=x" and what else is not zero, or the error.
std::string ParsedTransport(IpProtocol protocol, ByteWriter bytes,
                            IpFamily family = IpFamily::kV4) {
  const std::vector<std::byte> taken = bytes.Take();
  const Result<TransportHeader> header = ParseTransportHeader(family, protocol, taken);
  if (!header) return header.error().ToString();
  std::string text = fmt::format("{} > {}", header->source_port, header->destination_port);
  if (header->tcp_flags != 0) text += fmt::format(" flags={}", header->tcp_flags);
  if (header->icmp_type != 0) text += fmt::format(" type={}", header->icmp_type);
  if (header->icmp_code != 0) text += fmt::format(" code={}", header->icmp_code);
  return text + " payload=" + TextOf(header->payload);
}

ByteWriter Ports() { return ByteWriter().Put(kFrom).Put(kTo); }

// 20 bytes, of which the data offset is the test's.
ByteWriter Tcp(std::uint8_t offset_words) {
  return Ports()
      .Zeros(8)
      .Put(static_cast<std::uint8_t>(offset_words << 4))
      .Put(uint8_t{18})
      .Zeros(6);
}

TEST(ParseTransportHeaderTcp, ReadsPortsAndFlags) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kTcp, Tcp(5).Put("x")), "4000 > 443 flags=18 payload=x");
}

TEST(ParseTransportHeaderTcp, SkipsTheOptions) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kTcp, Tcp(15).Zeros(40).Put("x")),
            "4000 > 443 flags=18 payload=x");
}

TEST(ParseTransportHeaderTcp, RefusesADataOffsetInsideTheHeader) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kTcp, Tcp(4)), "check tcp data offset: malformed");
  EXPECT_EQ(ParsedTransport(IpProtocol::kTcp, Tcp(0)), "check tcp data offset: malformed");
}

TEST(ParseTransportHeaderTcp, RefusesAHeaderCutInHalf) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kTcp, Ports().Zeros(4)), "read tcp header: truncated");
  EXPECT_EQ(ParsedTransport(IpProtocol::kTcp, Tcp(6).Zeros(3)), "read tcp options: truncated");
}

ByteWriter Udp(std::uint16_t length) { return Ports().Put(length).Zeros(2); }

TEST(ParseTransportHeaderUdp, ReadsThePorts) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kUdp, Udp(9).Put("x")), "4000 > 443 payload=x");
}

TEST(ParseTransportHeaderUdp, CutsWhatLiesBehindItsLength) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kUdp, Udp(9).Put("x and more")), "4000 > 443 payload=x");
}

TEST(ParseTransportHeaderUdp, TakesWhatIsThereOfAFragmentOrAJumbogram) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kUdp, Udp(2000).Put("x")), "4000 > 443 payload=x");
  EXPECT_EQ(ParsedTransport(IpProtocol::kUdp, Udp(0).Put("x")), "4000 > 443 payload=x");
}

TEST(ParseTransportHeaderUdp, RefusesALengthInsideTheHeader) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kUdp, Udp(1)), "check udp length: malformed");
  EXPECT_EQ(ParsedTransport(IpProtocol::kUdp, Udp(7)), "check udp length: malformed");
}

TEST(ParseTransportHeaderUdp, RefusesAHeaderCutInHalf) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kUdp, Ports()), "read udp header: truncated");
}

TEST(ParseTransportHeaderUdpLite, DoesNotTakeTheCoverageForALength) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kUdpLite, Udp(8).Put("x")), "4000 > 443 payload=x");
  EXPECT_EQ(ParsedTransport(IpProtocol::kUdpLite, Ports()), "read udplite header: truncated");
}

TEST(ParseTransportHeaderSctp, ReadsThePorts) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kSctp, Ports().Zeros(8).Put("x")), "4000 > 443 payload=x");
  EXPECT_EQ(ParsedTransport(IpProtocol::kSctp, Ports().Zeros(7)), "read sctp header: truncated");
}

ByteWriter Dccp(std::uint8_t offset_words) { return Ports().Put(offset_words).Zeros(7); }

TEST(ParseTransportHeaderDccp, ReadsThePortsAndSkipsToTheData) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kDccp, Dccp(3).Put("x")), "4000 > 443 payload=x");
  EXPECT_EQ(ParsedTransport(IpProtocol::kDccp, Dccp(5).Zeros(8).Put("x")), "4000 > 443 payload=x");
}

TEST(ParseTransportHeaderDccp, RefusesADataOffsetInsideOrBehindThePacket) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kDccp, Dccp(2)), "check dccp data offset: malformed");
  EXPECT_EQ(ParsedTransport(IpProtocol::kDccp, Dccp(255)), "read dccp options: truncated");
  EXPECT_EQ(ParsedTransport(IpProtocol::kDccp, Ports()), "read dccp header: truncated");
}

ByteWriter Icmp(std::uint8_t type, std::uint8_t code) {
  return ByteWriter().Put(type).Put(code).Zeros(2).Put(std::uint16_t{77}).Zeros(2).Put("x");
}

TEST(ParseTransportHeaderIcmp, TakesTheIdentifierOfAnEchoForAPort) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kIcmp, Icmp(8, 0)), "77 > 0 type=8 payload=x");
  EXPECT_EQ(ParsedTransport(IpProtocol::kIcmp, Icmp(0, 0)), "0 > 77 payload=x");
  EXPECT_EQ(ParsedTransport(IpProtocol::kIcmpV6, Icmp(128, 0), IpFamily::kV6),
            "77 > 0 type=128 payload=x");
  EXPECT_EQ(ParsedTransport(IpProtocol::kIcmpV6, Icmp(129, 0), IpFamily::kV6),
            "0 > 77 type=129 payload=x");
}

TEST(ParseTransportHeaderIcmp, GivesErrorsNoPorts) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kIcmp, Icmp(3, 1)), "0 > 0 type=3 code=1 payload=x");
  EXPECT_EQ(ParsedTransport(IpProtocol::kIcmp, Icmp(11, 0)), "0 > 0 type=11 payload=x");
  EXPECT_EQ(ParsedTransport(IpProtocol::kIcmp, Icmp(12, 2)), "0 > 0 type=12 code=2 payload=x");
  EXPECT_EQ(ParsedTransport(IpProtocol::kIcmpV6, Icmp(1, 4), IpFamily::kV6),
            "0 > 0 type=1 code=4 payload=x");
}

TEST(ParseTransportHeaderIcmp, RefusesAHeaderCutInHalf) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kIcmp, ByteWriter().Zeros(7)),
            "read icmp header: truncated");
}

TEST(ParseTransportHeaderIcmp, IsOnlyKnownInItsOwnFamily) {
  EXPECT_EQ(ParsedTransport(IpProtocol::kIcmp, ByteWriter().Put("x"), IpFamily::kV6),
            "0 > 0 payload=x");
  EXPECT_EQ(ParsedTransport(IpProtocol::kIcmpV6, ByteWriter().Put("x"), IpFamily::kV4),
            "0 > 0 payload=x");
}

TEST(ParseTransportHeader, TakesEveryOtherProtocolForPayload) {
  for (unsigned number = 0; number < 256; ++number) {
    const auto protocol = static_cast<IpProtocol>(number);
    if (HasPorts(protocol) || protocol == IpProtocol::kIcmp) continue;
    ASSERT_EQ(ParsedTransport(protocol, ByteWriter().Put("x")), "0 > 0 payload=x") << number;
  }
}

}  // namespace
}  // namespace procwall
