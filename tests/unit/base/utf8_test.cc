// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/utf8.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(FirstCodePoint, ReadsCharactersOfEveryLength) {
  EXPECT_EQ(FirstCodePoint("az"), (CodePoint{'a', 1}));
  EXPECT_EQ(FirstCodePoint("\u00b5s"), (CodePoint{0xb5, 2}));
  EXPECT_EQ(FirstCodePoint("\u6f22"), (CodePoint{0x6f22, 3}));
  EXPECT_EQ(FirstCodePoint("\U0010ffff"), (CodePoint{0x10ffff, 4}));
  EXPECT_EQ(FirstCodePoint(std::string_view("\0", 1)), (CodePoint{0, 1}));
}

TEST(FirstCodePoint, RefusesWhatIsNotUtf8) {
  for (const std::string_view bytes :
       {"\x80", "\xc0\x80", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xe6\xbc", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3z"}) {
    EXPECT_EQ(FirstCodePoint(bytes), CodePoint{});
  }
}

}  // namespace
}  // namespace procwall
