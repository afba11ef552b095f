// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "diagnosis/count_text.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(Grouped, SetsThousandsApart) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1234567), "1,234,567");
}

TEST(ShareText, IsAPercentage) {
  EXPECT_EQ(ShareText(1, 8), "12.5 %");
  EXPECT_EQ(ShareText(1, 100'000), "< 0.1 %");
}

TEST(ShareText, OfNothingIsEmpty) {
  EXPECT_EQ(ShareText(0, 10), "");
  EXPECT_EQ(ShareText(1, 0), "");
}

}  // namespace
}  // namespace procwall
