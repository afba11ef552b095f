// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/endpoint.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr Endpoint kWeb{IpAddress::V4({192, 0, 2, 1}), 443};
static_assert(kWeb == Endpoint{IpAddress::V4({192, 0, 2, 1}), 443});
static_assert(Endpoint{kWeb.address, 80} < kWeb && kWeb < Endpoint{IpAddress::V6({0x20}), 0});

TEST(Endpoint, WritesIpv4WithoutBrackets) { EXPECT_EQ(kWeb.ToString(), "192.0.2.1:443"); }

TEST(Endpoint, WritesIpv6InBrackets) {
  const Endpoint endpoint{IpAddress::V6({0x20, 0x01, 0x0d, 0xb8}), 53};
  EXPECT_EQ(fmt::format("{}", endpoint), "[2001:db8::]:53");
}

TEST(Endpoint, HashesThePort) {
  const std::hash<Endpoint> hash;
  EXPECT_EQ(hash(kWeb), hash(Endpoint{kWeb.address, 443}));
  EXPECT_NE(hash(kWeb), hash(Endpoint{kWeb.address, 444}));
}

}  // namespace
}  // namespace procwall
