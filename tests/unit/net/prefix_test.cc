// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/prefix.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

static_assert(Prefix() == Prefix());

IpAddress Address(std::string_view text) { return IpAddress::Parse(text).value(); }

std::string Reparsed(std::string_view text) {
  const auto prefix = Prefix::Parse(text);
  return prefix ? prefix->ToString() : "refused";
}

TEST(PrefixParse, ClearsTheHostBits) {
  EXPECT_EQ(Reparsed("192.0.2.255/25"), "192.0.2.128/25");
  EXPECT_EQ(Reparsed("2001:db8:ffff::1/33"), "2001:db8:8000::/33");
  EXPECT_EQ(Reparsed("255.255.255.255/0"), "0.0.0.0/0");
}

TEST(PrefixParse, TakesABareAddressWhole) {
  EXPECT_EQ(Reparsed("192.0.2.1"), "192.0.2.1/32");
  EXPECT_EQ(Reparsed("::1"), "::1/128");
  EXPECT_EQ(Reparsed("::ffff:192.0.2.1"), "192.0.2.1/32");
}

TEST(PrefixParse, RefusesWhatIsNoPrefix) {
  for (const char* text : {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1",
                           "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/8 ", "10.0.0.0/8/8",
                           "10.0.0.0/255.0.0.0", "10.0.0/8", "::/4294967297"}) {
    EXPECT_EQ(Reparsed(text), "refused") << text;
  }
}

TEST(PrefixParse, RefusesAnIpv6LengthOnAnAddressThatBecameIpv4) {
  EXPECT_EQ(Reparsed("::ffff:10.0.0.0/104"), "refused");
  EXPECT_EQ(Reparsed("::ffff:10.0.0.0/8"), "refused");
}

TEST(PrefixCreate, RefusesALengthThatIsLongerThanTheAddress) {
  EXPECT_EQ(Prefix::Create(Address("10.0.0.1"), 33), std::nullopt);
  EXPECT_EQ(Prefix::Create(Address("::1"), 129), std::nullopt);
}

TEST(PrefixContains, EveryAddressOfTheNetworkAndNoOther) {
  const Prefix prefix = Prefix::Parse("172.16.0.0/12").value();
  EXPECT_TRUE(prefix.Contains(Address("172.16.0.0")));
  EXPECT_TRUE(prefix.Contains(Address("172.31.255.255")));
  EXPECT_FALSE(prefix.Contains(Address("172.15.255.255")));
  EXPECT_FALSE(prefix.Contains(Address("172.32.0.0")));
}

TEST(PrefixContains, EveryAddressOfItsFamilyWhenTheLengthIsZero) {
  EXPECT_TRUE(Prefix().Contains(Address("203.0.113.9")));
  EXPECT_FALSE(Prefix().Contains(Address("::")));
  EXPECT_TRUE(Prefix::Parse("::/0").value().Contains(Address("2001:db8::1")));
  EXPECT_FALSE(Prefix::Parse("::/0").value().Contains(Address("0.0.0.0")));
}

TEST(PrefixContains, OnlyItselfWhenTheLengthIsFull) {
  const Prefix prefix = Prefix::Parse("2001:db8::1").value();
  EXPECT_TRUE(prefix.Contains(Address("2001:db8::1")));
  EXPECT_FALSE(prefix.Contains(Address("2001:db8::3")));
}

// The definition of CIDR, bit by bit, against every length.
TEST(PrefixContains, AgreesWithComparingBits) {
  const IpAddress network = Address("2001:db8:aaaa:5555:a0a0:0505:1234:fedc");
  const auto bit = [](const IpAddress& address, unsigned i) {
    return (address.Data()[i / 8] >> (7 - i % 8)) & 1;
  };
  for (unsigned flipped = 0; flipped < 128; ++flipped) {
    std::array<std::uint8_t, 16> bytes{};
    std::copy_n(network.Data(), 16, bytes.begin());
    bytes[flipped / 8] = static_cast<std::uint8_t>(bytes[flipped / 8] ^ (0x80U >> flipped % 8));
    const IpAddress other = IpAddress::V6(bytes);
    ASSERT_NE(bit(network, flipped), bit(other, flipped));
    for (unsigned length = 0; length <= 128; ++length) {
      ASSERT_EQ(Prefix::Create(network, length).value().Contains(other), flipped >= length);
    }
  }
}

}  // namespace
}  // namespace procwall
