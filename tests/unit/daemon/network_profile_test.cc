// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/network_profile.h"

#include <vector>

#include <gtest/gtest.h>

namespace procwall {
namespace {

const IpAddress kGateway = *IpAddress::Parse("192.168.1.1");
constexpr MacAddress kMac = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
const NetworkPlace kAtHome{"wlan0", kGateway, kMac};

std::string Of(const std::vector<NetworkProfile>& profiles,
               const std::vector<NetworkPlace>& places = {kAtHome}) {
  return ProfileOf(profiles, places);
}

TEST(NetworkProfile, FitsByEachOfItsFacts) {
  EXPECT_EQ(Of({{.name = "home", .interface = "wlan*"}}), "home");
  EXPECT_EQ(Of({{.name = "home", .gateway = kGateway}}), "home");
  EXPECT_EQ(Of({{.name = "home", .gateway_mac = kMac}}), "home");
  EXPECT_EQ(Of({{"home", "wlan0", kGateway, kMac}}), "home");
}

TEST(NetworkProfile, FitsOnlyWithAllOfItsFacts) {
  EXPECT_EQ(Of({{"home", "eth*", kGateway, kMac}}), "other");
  EXPECT_EQ(Of({{"home", "wlan*", *IpAddress::Parse("192.168.1.2"), kMac}}), "other");
  EXPECT_EQ(Of({{"home", "wlan*", kGateway, MacAddress{}}}), "other");
}

TEST(NetworkProfile, DoesNotFitWhileTheHardwareAddressIsNotKnown) {
  EXPECT_EQ(Of({{.name = "home", .gateway_mac = kMac}}, {{"wlan0", kGateway, {}}}), "other");
}

TEST(NetworkProfile, TheFirstThatFitsCounts) {
  EXPECT_EQ(Of({{.name = "office", .interface = "eth*"},
                {.name = "home", .gateway = kGateway},
                {.name = "anywhere", .interface = "*"}}),
            "home");
}

TEST(NetworkProfile, EitherFamilyCounts) {
  const NetworkPlace v6{"wlan0", *IpAddress::Parse("fe80::1"), kMac};
  EXPECT_EQ(Of({{.name = "home", .gateway = v6.gateway}}, {kAtHome, v6}), "home");
}

TEST(NetworkProfile, IsAnotherWithoutAWayToTheWorld) {
  EXPECT_EQ(Of({{.name = "home", .interface = "*"}}, {}), "other");
}

TEST(ParseMac, ReadsSixBytes) {
  EXPECT_EQ(ParseMac("52:54:00:12:34:56"), kMac);
  EXPECT_EQ(ParseMac("AA:bb:CC:dd:EE:ff"), (MacAddress{0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}));
  EXPECT_EQ(MacText(kMac), "52:54:00:12:34:56");
}

TEST(ParseMac, RefusesEverythingElse) {
  for (const char* text :
       {"", "52:54:00:12:34", "52-54-00-12-34-56", "52:54:00:12:34:5", "52:54:00:12:34:5g",
        "52:54:00:12:34:567", "+2:54:00:12:34:56", " 2:54:00:12:34:56", "-1:54:00:12:34:56"}) {
    EXPECT_FALSE(ParseMac(text)) << text;
  }
}

}  // namespace
}  // namespace procwall
