// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/own_addresses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/ip_address.h"

namespace procwall {
namespace {

TEST(OwnAddresses, AreWrittenAsTheDaemonWritesThem) {
  for (const std::string& address : OwnAddresses()) {
    const auto parsed = IpAddress::Parse(address);
    ASSERT_TRUE(parsed) << address;
    EXPECT_EQ(parsed->ToString(), address);
  }
}

}  // namespace
}  // namespace procwall
