// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/json_places.h"

#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(NextTokenPlace, SkipsBlanksCommentsAndSeparators) {
  const std::string_view text = " , // \"a\"\n /* { */ : \t\"b\"";
  EXPECT_EQ(text.substr(NextTokenPlace(text, 0)), "\"b\"");
}

TEST(NextTokenPlace, StaysWhereATokenStarts) { EXPECT_EQ(NextTokenPlace("{}", 1), 1U); }

TEST(NextTokenPlace, EndsWithTheText) {
  for (const char* text : {"", " ", "// open", "/* open", "/*/"}) {
    EXPECT_EQ(NextTokenPlace(text, 0), std::string_view(text).size()) << text;
  }
}

TEST(LineColumnAt, CountsLinesAndCharacters) {
  const std::string_view text = "ab\n\u00e9\u20acx\n";
  EXPECT_EQ(LineColumnAt(text, 0), (LineColumn{1, 1}));
  EXPECT_EQ(LineColumnAt(text, 2), (LineColumn{1, 3}));
  EXPECT_EQ(LineColumnAt(text, text.find('x')), (LineColumn{2, 3}));
  EXPECT_EQ(LineColumnAt(text, text.size()), (LineColumn{3, 1}));
  EXPECT_EQ(LineColumnAt(text, text.size() + 9), (LineColumn{3, 1}));
}

TEST(CountingIterator, TellsHowFarItsCopiesHaveCome) {
  const std::string text = "abc";
  std::size_t consumed = 0;
  CountingIterator it(text.data(), &consumed);
  CountingIterator copy = it++;
  ++it;
  EXPECT_EQ(consumed, 2U);
  EXPECT_EQ(*copy, 'a');
  EXPECT_EQ(*it, 'c');
}

}  // namespace
}  // namespace procwall
