// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/utf8.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(IsUtf8, TakesCharactersOfEveryLength) {
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("a\u00e9\u20ac\U0001F600"));
  EXPECT_TRUE(IsUtf8("\u0800\U00010000\U0010FFFF"));
}

TEST(IsUtf8, RefusesWhatRfc3629Forbids) {
  for (const char* text : {"\xff", "\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                           "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xe2\x82", "\xe2\x82z"}) {
    EXPECT_FALSE(IsUtf8(text)) << text;
  }
}

TEST(ReplaceInvalidUtf8, ReplacesEachBadByteAndNothingElse) {
  EXPECT_EQ(ReplaceInvalidUtf8("a\xff\xfe\u00e9"), "a\ufffd\ufffd\u00e9");
  EXPECT_EQ(ReplaceInvalidUtf8("plain"), "plain");
}

}  // namespace
}  // namespace procwall
