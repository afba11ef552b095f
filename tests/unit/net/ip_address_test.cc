// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/ip_address.h"

#include <random>
#include <set>
#include <unordered_set>

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr IpAddress kLocalhost4 = IpAddress::V4({127, 0, 0, 1});
constexpr IpAddress kLocalhost6 = IpAddress::V6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
constexpr IpAddress kMapped =
    IpAddress::V6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1});

static_assert(kMapped == IpAddress::V4({192, 0, 2, 1}), "v4-mapped is normalised at birth");
static_assert(kMapped.IsV4() && kMapped.Size() == 4);
static_assert(kLocalhost6.Family() == IpFamily::kV6 && kLocalhost6.Size() == 16);
static_assert(kLocalhost4 < kLocalhost6, "IPv4 sorts first");
static_assert(IpAddress().IsUnspecified() && IpAddress::V6({}).IsUnspecified());
static_assert(!kLocalhost6.IsUnspecified());
static_assert(kLocalhost4.IsLoopback() && kLocalhost6.IsLoopback());
static_assert(IpAddress::V4({127, 255, 0, 9}).IsLoopback());
static_assert(!IpAddress::V4({128, 0, 0, 1}).IsLoopback() && !IpAddress::V6({1}).IsLoopback());
static_assert(IpAddress::V4({224, 0, 0, 251}).IsMulticast() && IpAddress::V6({0xff}).IsMulticast());
static_assert(!IpAddress::V4({240, 0, 0, 1}).IsMulticast());
static_assert(IpAddress::V4({169, 254, 1, 1}).IsLinkLocal());
static_assert(IpAddress::V6({0xfe, 0xbf}).IsLinkLocal());
static_assert(!IpAddress::V6({0xfe, 0xc0}).IsLinkLocal());
static_assert(IpAddress::V4({255, 255, 255, 255}).IsLimitedBroadcast());
static_assert(!IpAddress::V4({255, 255, 255, 254}).IsLimitedBroadcast());

// What Parse makes of `text`, as text again; "refused" when it is none.
std::string ReparsedAddress(std::string_view text) {
  const auto address = IpAddress::Parse(text);
  return address ? address->ToString() : "refused";
}

TEST(IpAddressParse, ReadsDottedDecimal) {
  EXPECT_EQ(IpAddress::Parse("192.0.2.1"), IpAddress::V4({192, 0, 2, 1}));
  EXPECT_EQ(IpAddress::Parse("255.255.255.255"), IpAddress::V4({255, 255, 255, 255}));
}

TEST(IpAddressParse, ReadsEveryFormOfRfc4291) {
  EXPECT_EQ(ReparsedAddress("2001:DB8:0:0:8:800:200C:417A"), "2001:db8::8:800:200c:417a");
  EXPECT_EQ(ReparsedAddress("ff01::101"), "ff01::101");
  EXPECT_EQ(ReparsedAddress("::"), "::");
  EXPECT_EQ(ReparsedAddress("::1"), "::1");
  EXPECT_EQ(ReparsedAddress("64:ff9b::192.0.2.33"), "64:ff9b::c000:221");
  EXPECT_EQ(ReparsedAddress("0000:0000:0000:0000:0000:ffff:255.255.255.255"), "255.255.255.255");
}

TEST(IpAddressParse, MakesAMappedAddressAnIpv4One) {
  EXPECT_EQ(IpAddress::Parse("::ffff:192.0.2.1"), IpAddress::V4({192, 0, 2, 1}));
}

TEST(IpAddressParse, RefusesWhatIsNoAddress) {
  for (const char* text : {"",
                           " ",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.256",
                           "01.2.3.4",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "1.2.3.-4",
                           "0x1.2.3.4",
                           "1..2.3",
                           ":",
                           ":::",
                           "1::2::3",
                           "1:2:3:4:5:6:7",
                           "12345::",
                           "1:2:3:4:5:6:7:8:9",
                           "::1%eth0",
                           "[::1]",
                           "::1/64",
                           "::g",
                           "::1.2.3",
                           "localhost",
                           "0000:0000:0000:0000:0000:0000:0000:0000:0000"}) {
    EXPECT_EQ(ReparsedAddress(text), "refused") << text;
  }
}

TEST(IpAddressParse, RefusesTextBehindANul) {
  EXPECT_EQ(IpAddress::Parse(std::string_view("1.2.3.4\0.5", 10)), std::nullopt);
}

TEST(IpAddressToString, FollowsRfc5952) {
  EXPECT_EQ(ReparsedAddress("2001:db8::1:0:0:1"), "2001:db8::1:0:0:1") << "the first of equal runs";
  EXPECT_EQ(ReparsedAddress("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1") << "the longest run";
  EXPECT_EQ(ReparsedAddress("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1")
      << "one group is no run";
  EXPECT_EQ(ReparsedAddress("2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001"),
            "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1");
  EXPECT_EQ(ReparsedAddress("1:2:3:4:5:6:0:0"), "1:2:3:4:5:6::");
  EXPECT_EQ(ReparsedAddress("::1.2.3.4"), "::102:304");
}

TEST(IpAddressToString, IsReadBackByParse) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same addresses in every run
  for (int i = 0; i < 20000; ++i) {
    std::array<std::uint8_t, 16> bytes{};
    const auto zeroes = random();  // a bit per byte, so that runs of zeros are common
    for (std::size_t k = 0; k < bytes.size(); ++k) {
      if ((zeroes >> k & 1U) != 0) bytes[k] = static_cast<std::uint8_t>(random());
    }
    const IpAddress v6 = IpAddress::V6(bytes);
    const IpAddress v4 = IpAddress::V4({bytes[0], bytes[1], bytes[2], bytes[3]});
    ASSERT_EQ(IpAddress::Parse(v6.ToString()), v6);
    ASSERT_EQ(IpAddress::Parse(v4.ToString()), v4);
  }
}

TEST(IpAddress, IsFormattedAsItsText) {
  EXPECT_EQ(fmt::format("{:>10}|{}", kLocalhost4, kLocalhost6), " 127.0.0.1|::1");
}

TEST(IpAddress, DiffersFromTheOtherFamilysAddressWithTheSameBytes) {
  EXPECT_NE(IpAddress::V4({1, 2, 3, 4}), IpAddress::V6({1, 2, 3, 4}));
  EXPECT_NE(std::hash<IpAddress>{}(IpAddress::V4({1, 2, 3, 4})),
            std::hash<IpAddress>{}(IpAddress::V6({1, 2, 3, 4})));
}

TEST(IpAddress, HashesNeighboursApart) {
  std::unordered_set<std::size_t> hashes;
  for (unsigned i = 0; i < 65536; ++i) {
    const auto high = static_cast<std::uint8_t>(i >> 8);
    hashes.insert(std::hash<IpAddress>{}(IpAddress::V4({10, 0, high, static_cast<uint8_t>(i)})));
  }
  EXPECT_EQ(hashes.size(), 65536U);
}

}  // namespace
}  // namespace procwall
