// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/route_message.h"

#include <sys/socket.h>

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <gtest/gtest.h>

#include "net/netlink_message.h"
#include "tests/support/errc_of.h"
#include "tests/support/netlink_builder.h"

namespace procwall {
namespace {

Bytes AddressBytes(const IpAddress& address) {
  return std::as_bytes(std::span(address.Data(), address.Size()));
}
template <typename T>
Bytes BytesOfValue(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

NetlinkBuilder Route(std::uint32_t ifindex) {
  rtmsg body{};
  body.rtm_family = AF_INET;
  NetlinkBuilder builder(RTM_NEWROUTE);
  builder.Body(body).Attribute(RTA_OIF, BytesOfValue(ifindex));
  return builder;
}

const IpAddress kGateway = *IpAddress::Parse("192.168.1.1");
constexpr MacAddress kMac = {0x52, 0x54, 0, 0x12, 0x34, 0x56};

TEST(DecodeWay, ReadsInterfaceAndGateway) {
  EXPECT_EQ(DecodeWay(Route(7).Attribute(RTA_GATEWAY, AddressBytes(kGateway)).Build()).value(),
            (DefaultWay{7, kGateway}));
  EXPECT_EQ(DecodeWay(Route(7).Build()).value(), (DefaultWay{7, {}}));
}

TEST(DecodeWay, ReadsAGatewayOfTheOtherFamily) {
  const IpAddress gateway = *IpAddress::Parse("fe80::1");
  const std::uint16_t family = AF_INET6;
  ByteVector via;
  for (const std::byte one : BytesOfValue(family)) via.push_back(one);
  for (const std::byte one : AddressBytes(gateway)) via.push_back(one);
  EXPECT_EQ(DecodeWay(Route(7).Attribute(RTA_VIA, Bytes(via)).Build()).value(),
            (DefaultWay{7, gateway}));
}

TEST(DecodeWay, RefusesOtherThings) {
  EXPECT_EQ(ErrcOf(DecodeWay(NetlinkBuilder(RTM_NEWLINK).Body(rtmsg{}).Build())),
            Errc::kUnsupported);
  EXPECT_EQ(ErrcOf(DecodeWay(NetlinkBuilder(RTM_NEWROUTE).Body(rtmsg{}).Build())),
            Errc::kMalformed);
}

TEST(DecodeWay, SurvivesEveryCutAndFlippedByte) {
  const ByteVector whole = Route(7).Attribute(RTA_GATEWAY, AddressBytes(kGateway)).Build();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_FALSE(DecodeWay(Bytes(whole).first(i))) << i;
    ByteVector damaged = whole;
    damaged[i] ^= std::byte{0xff};
    (void)DecodeWay(damaged);
  }
}

TEST(DecodeNeighbour, ReadsTheHardwareAddress) {
  EXPECT_EQ(DecodeNeighbour(NetlinkBuilder(RTM_NEWNEIGH)
                                .Body(ndmsg{})
                                .Attribute(NDA_DST, AddressBytes(kGateway))
                                .Attribute(NDA_LLADDR, BytesOfValue(kMac))
                                .Build())
                .value(),
            kMac);
}

TEST(DecodeNeighbour, DoesNotKnowWhatIsNotTold) {
  EXPECT_EQ(ErrcOf(DecodeNeighbour(NetlinkBuilder(RTM_NEWNEIGH).Body(ndmsg{}).Build())),
            Errc::kNotFound);
  EXPECT_EQ(ErrcOf(DecodeNeighbour(NetlinkBuilder(RTM_NEWNEIGH)
                                       .Body(ndmsg{})
                                       .Attribute(NDA_LLADDR, std::uint8_t{1})
                                       .Build())),
            Errc::kNotFound);
  EXPECT_EQ(ErrcOf(DecodeNeighbour(NetlinkBuilder(RTM_NEWLINK).Body(ndmsg{}).Build())),
            Errc::kUnsupported);
}

TEST(DecodeNeighbour, SurvivesEveryCutAndFlippedByte) {
  const ByteVector whole =
      NetlinkBuilder(RTM_NEWNEIGH).Body(ndmsg{}).Attribute(NDA_LLADDR, BytesOfValue(kMac)).Build();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_FALSE(DecodeNeighbour(Bytes(whole).first(i))) << i;
    ByteVector damaged = whole;
    damaged[i] ^= std::byte{0xff};
    (void)DecodeNeighbour(damaged);
  }
}

TEST(RouteQuestions, AreWholeMessages) {
  for (auto question : {EncodeWayQuestion(IpFamily::kV4), EncodeWayQuestion(IpFamily::kV6),
                        EncodeNeighbourQuestion(7, kGateway),
                        EncodeNeighbourQuestion(7, *IpAddress::Parse("fe80::1"))}) {
    ByteReader reader(question);
    const auto message = ReadNetlinkMessage(reader);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->whole.size(), question.size());
    ByteReader body(message->body);
    ASSERT_TRUE(body.Skip(12, "body"));  // rtmsg and ndmsg have twelve bytes
    const auto attribute = ReadNetlinkAttribute(body);
    ASSERT_TRUE(attribute);
    EXPECT_TRUE(attribute->payload.size() == 4 || attribute->payload.size() == 16);
  }
}

}  // namespace
}  // namespace procwall
