// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/address_condition.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

AddressCondition In(std::initializer_list<const char*> networks) {
  std::vector<Prefix> prefixes;
  for (const char* const network : networks) prefixes.push_back(Prefix::Parse(network).value());
  return AddressCondition::InAny(prefixes);
}

bool CanBeFound(const AddressCondition& condition, const IpAddress& address) {
  std::vector<KeyAlternatives> ways;
  condition.AddKeys(0, ways);
  for (const auto& keys : ways.at(0)) {
    const KeySource& source = keys.at(0).source;
    const bool same_family = address.IsV4() == (source.shape == KeyShape::kPrefix4);
    if (same_family && PrefixKey(source, address) == keys.at(0)) return true;
  }
  return false;
}

TEST(AddressCondition, HoldsInAnyOfItsNetworks) {
  const auto both = In({"10.0.0.0/8", "fe80::/10"});
  EXPECT_TRUE(both.Holds(Ip("10.255.0.1")));
  EXPECT_TRUE(both.Holds(Ip("fe80::1")));
  EXPECT_FALSE(both.Holds(Ip("11.0.0.1")));
  EXPECT_FALSE(both.Holds(Ip("::1")));
}

TEST(AddressCondition, CanBeFoundByExactlyWhatItHoldsFor) {
  for (const char* network : {"0.0.0.0/0", "10.0.0.0/7", "10.1.2.3/32", "::/0", "2001:db8::/33",
                              "2001:db8::/64", "2001:db8::/65", "2001:db8::1/128"}) {
    const auto condition = In({network});
    for (const char* address : {"10.1.2.3", "10.1.2.2", "11.0.0.0", "12.0.0.0", "2001:db8::1",
                                "2001:db8::2", "2001:db8:8000::", "2001:db8:0:0:8000::"}) {
      EXPECT_EQ(CanBeFound(condition, Ip(address)), condition.Holds(Ip(address)))
          << network << " " << address;
    }
  }
}

}  // namespace
}  // namespace procwall
