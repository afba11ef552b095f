// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/decimal.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(ParseDecimal, TakesTheWholeText) {
  EXPECT_EQ(ParseDecimal<std::uint64_t>("18446744073709551615"), ~std::uint64_t{0});
  EXPECT_EQ(ParseDecimal<int>("-7"), -7);
  EXPECT_EQ(ParseDecimal<int>("007"), 7);
}

TEST(ParseDecimal, RefusesEverythingElse) {
  for (const char* text : {"", " 1", "1 ", "+1", "-1", "0x1", "1.", "4294967296"}) {
    EXPECT_EQ(ParseDecimal<std::uint32_t>(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace procwall
