// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/route_lookup.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/errc_of.h"
#include "tests/support/trace_record.h"

namespace procwall {
namespace {

constexpr RouteLookupLayout kV4{.id = 7,
                                .family = IpFamily::kV4,
                                .protocol = 2,
                                .source = 4,
                                .destination = 8,
                                .source_port = 12,
                                .destination_port = 14};
const Endpoint kServer{IpAddress::V4({192, 0, 2, 1}), 53};

std::string Record(std::uint16_t id = 7, const std::string& source = std::string(4, 0)) {
  return RawBytes(id) + '\x11' + '\0' + source + std::string("\xc0\0\x02\x01", 4) +
         RawBytes(std::uint16_t{4000}) + RawBytes(std::uint16_t{53});
}

Connection Outgoing() {
  Connection connection;
  connection.protocol = IpProtocol::kUdp;
  connection.local = {IpAddress::V4({192, 0, 2, 9}), 4000};
  connection.remote = kServer;
  return connection;
}

RouteLookup Lookup() {
  RouteLookup lookup;
  lookup.protocol = IpProtocol::kUdp;
  lookup.source.port = 4000;
  lookup.destination = kServer;
  return lookup;
}

TEST(ParseRouteLookup, ReadsAddressesAndPorts) {
  const auto lookup = ParseRouteLookup(AsBytes(Record()), kV4);
  ASSERT_TRUE(lookup);
  EXPECT_EQ(*lookup, Lookup());
}

TEST(ParseRouteLookup, ReadsIpv6) {
  const RouteLookupLayout layout{.id = 7,
                                 .family = IpFamily::kV6,
                                 .protocol = 2,
                                 .source = 3,
                                 .destination = 19,
                                 .source_port = 35,
                                 .destination_port = 37};
  const std::string record = RawBytes(std::uint16_t{7}) + '\x06' + std::string(15, '\0') + '\x01' +
                             std::string(15, '\0') + '\x02' + RawBytes(std::uint16_t{1}) +
                             RawBytes(std::uint16_t{2});
  const auto lookup = ParseRouteLookup(AsBytes(record), layout).value();
  ASSERT_TRUE(lookup);
  EXPECT_EQ(lookup->protocol, IpProtocol::kTcp);
  EXPECT_EQ(lookup->source.ToString(), "[::1]:1");
  EXPECT_EQ(lookup->destination.ToString(), "[::2]:2");
}

TEST(ParseRouteLookup, LeavesOutOtherTracepoints) {
  EXPECT_EQ(ParseRouteLookup(AsBytes(Record(8)), kV4).value(), std::nullopt);
}

TEST(ParseRouteLookup, RefusesWhatEndsEarly) {
  const std::string record = Record();
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_EQ(ErrcOf(ParseRouteLookup(AsBytes(record).first(size), kV4)), Errc::kTruncated) << size;
  }
}

TEST(LayoutOf, WantsAllFieldsInTheirSizes) {
  TracepointFormat format{.id = 7,
                          .fields = {{"proto", {24, 1}},
                                     {"src", {28, 4}},
                                     {"dst", {32, 4}},
                                     {"sport", {56, 2}},
                                     {"dport", {58, 2}}}};
  const auto layout = LayoutOf(format, IpFamily::kV4);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->destination_port, 58U);
  EXPECT_EQ(ErrcOf(LayoutOf(format, IpFamily::kV6)), Errc::kUnsupported);
  format.fields.erase("sport");
  EXPECT_EQ(ErrcOf(LayoutOf(format, IpFamily::kV4)), Errc::kUnsupported);
}

TEST(IsFor, ComparesProtocolPortsAndDestination) {
  EXPECT_TRUE(IsFor(Lookup(), Outgoing()));
  RouteLookup other = Lookup();
  other.protocol = IpProtocol::kTcp;
  EXPECT_FALSE(IsFor(other, Outgoing()));
  other = Lookup();
  other.source.port = 4001;
  EXPECT_FALSE(IsFor(other, Outgoing()));
  other = Lookup();
  other.destination.port = 54;
  EXPECT_FALSE(IsFor(other, Outgoing()));
}

TEST(IsFor, OfOtherProtocolsPortsAreNotTold) {
  Connection connection = Outgoing();
  connection.protocol = IpProtocol::kUdpLite;
  RouteLookup lookup = Lookup();
  lookup.protocol = IpProtocol::kUdpLite;
  lookup.source.port = 0;
  lookup.destination.port = 0;
  EXPECT_TRUE(IsFor(lookup, connection));
  lookup.destination.address = IpAddress::V4({192, 0, 2, 77});
  EXPECT_FALSE(IsFor(lookup, connection));
}

TEST(IsFor, ASourceThatIsNamedMustBeThePackets) {
  RouteLookup lookup = Lookup();
  lookup.source.address = Outgoing().local.address;
  EXPECT_TRUE(IsFor(lookup, Outgoing()));
  lookup.source.address = IpAddress::V4({192, 0, 2, 10});
  EXPECT_FALSE(IsFor(lookup, Outgoing()));
}

}  // namespace
}  // namespace procwall
