// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/amount_text.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(AmountText, IsShort) {
  EXPECT_EQ(AmountText(0), "0");
  EXPECT_EQ(AmountText(0.04), "<0.1");
  EXPECT_EQ(AmountText(0.4), "0.4");
  EXPECT_EQ(AmountText(7), "7");
  EXPECT_EQ(AmountText(12.3), "12");
  EXPECT_EQ(AmountText(999), "999");
  EXPECT_EQ(AmountText(999.6), "1.0k");
  EXPECT_EQ(AmountText(1234), "1.2k");
  EXPECT_EQ(AmountText(43'210), "43k");
  EXPECT_EQ(AmountText(5.1e9), "5.1G");
  EXPECT_EQ(AmountText(1.8e19), "18E");
}

TEST(AmountText, ANumberThatIsNoneIsNothing) {
  EXPECT_EQ(AmountText(-1), "0");
  EXPECT_EQ(AmountText(0.0 / -1.0), "0");
}

}  // namespace
}  // namespace procwall
