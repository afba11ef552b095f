// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/address_set.h"

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

AddressSet AddressSetOf(std::initializer_list<std::string_view> networks) {
  std::vector<Prefix> prefixes;
  for (const auto network : networks) prefixes.push_back(Prefix::Parse(network).value());
  return AddressSet(prefixes);
}

TEST(AddressSet, HasTheFirstAndTheLastAddressOfANetworkAndNotTheirNeighbours) {
  const AddressSet set = AddressSetOf({"192.0.2.0/24", "2001:db8::/64", "198.51.100.7"});
  for (const char* in : {"192.0.2.0", "192.0.2.255", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff",
                         "198.51.100.7", "::ffff:192.0.2.1"}) {
    EXPECT_TRUE(set.Has(Ip(in))) << in;
  }
  for (const char* out : {"192.0.1.255", "192.0.3.0", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
                          "2001:db8:0:1::", "198.51.100.6", "198.51.100.8"}) {
    EXPECT_FALSE(set.Has(Ip(out))) << out;
  }
}

TEST(AddressSet, SwallowsNetworksInsideOthers) {
  const AddressSet set = AddressSetOf({"10.1.2.0/24", "10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/16"});
  EXPECT_EQ(set.Size(), 1U);
  EXPECT_TRUE(set.Has(Ip("10.1.2.3")));
  EXPECT_TRUE(set.Has(Ip("10.255.255.255")));
}

TEST(AddressSet, HasAllOfOneFamilyAndNoneOfTheOther) {
  const AddressSet all4 = AddressSetOf({"0.0.0.0/0"});
  EXPECT_TRUE(all4.Has(Ip("0.0.0.0")) && all4.Has(Ip("255.255.255.255")));
  EXPECT_FALSE(all4.Has(Ip("::1")));
  const AddressSet all6 = AddressSetOf({"::/0"});
  EXPECT_TRUE(all6.Has(Ip("::")) && all6.Has(Ip("ffff::ffff")));
  EXPECT_FALSE(all6.Has(Ip("127.0.0.1")));
}

TEST(AddressSet, HasNothingWhenItIsEmpty) {
  EXPECT_TRUE(AddressSet().IsEmpty());
  EXPECT_FALSE(AddressSet().Has(Ip("0.0.0.0")));
  EXPECT_FALSE(AddressSet().Has(Ip("::")));
}

TEST(AddressSet, AgreesWithAskingOneNetworkAfterTheOther) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same numbers every time
  const auto address = [&] {
    std::array<std::uint8_t, 16> bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 4);
    return random() % 2 == 0 ? IpAddress::V4({bytes[0], bytes[1], bytes[2], bytes[3]})
                             : IpAddress::V6(bytes);
  };
  std::vector<Prefix> networks;
  for (int i = 0; i < 200; ++i) {
    const IpAddress base = address();
    const auto length = static_cast<unsigned>(4 + random() % (8 * base.Size() - 3));
    networks.push_back(Prefix::Create(base, length).value());
  }
  const AddressSet set(networks);
  for (int i = 0; i < 20000; ++i) {
    const IpAddress asked = address();
    const bool expected = std::any_of(networks.begin(), networks.end(),
                                      [&](const Prefix& p) { return p.Contains(asked); });
    ASSERT_EQ(set.Has(asked), expected) << asked.ToString();
  }
}

TEST(AddressSet, OfManyNetworksHasThoseThatWereNamed) {
  std::mt19937 random(2);  // NOLINT(cert-msc51-cpp): the same numbers every time
  const auto address = [](std::uint32_t number) {
    const auto byte = [number](int shift) { return static_cast<std::uint8_t>(number >> shift); };
    return IpAddress::V4({byte(24), byte(16), byte(8), byte(0)});
  };
  std::set<std::uint32_t> blocks;  // of sixteen addresses, dense in few places
  while (blocks.size() < 20'000)
    blocks.insert((0x0a000000U + static_cast<std::uint32_t>(random() % 0x00100000U)) & ~15U);
  std::vector<Prefix> networks{Prefix::Create(address(0x40000000), 6).value(),
                               Prefix::Create(address(0xfffffff0), 28).value(),
                               Prefix::Create(address(0x00000000), 28).value()};
  for (const std::uint32_t block : blocks) {
    networks.push_back(Prefix::Create(address(block), 28).value());
  }
  const AddressSet set(networks);
  for (int i = 0; i < 50'000; ++i) {
    const std::uint32_t asked = 0x09fff000U + static_cast<std::uint32_t>(random() % 0x00102000U);
    ASSERT_EQ(set.Has(address(asked)), blocks.contains(asked & ~15U)) << asked;
  }
  for (const std::uint32_t in : {0x40000000U, 0x42345678U, 0x43ffffffU, 0xffffffffU, 0U, 15U}) {
    EXPECT_TRUE(set.Has(address(in))) << in;
  }
  for (const std::uint32_t out : {0x3fffffffU, 0x44000000U, 0xffffffefU, 16U}) {
    EXPECT_FALSE(set.Has(address(out))) << out;
  }
}

}  // namespace
}  // namespace procwall
