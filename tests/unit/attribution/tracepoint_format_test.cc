// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/tracepoint_format.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/errc_of.h"

namespace procwall {
namespace {

const std::string kText =
    "name: fib_table_lookup\n"
    "ID: 2264\n"
    "format:\n"
    "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
    "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"
    "\n"
    "\tfield:u8 proto;\toffset:24;\tsize:1;\tsigned:0;\n"
    "\tfield:__u8 src[4];\toffset:28;\tsize:4;\tsigned:0;\n"
    "\tfield:const void *sk;\toffset:32;\tsize:8;\tsigned:0;\n"
    "\n"
    "print fmt: \"proto %u\", REC->proto\n";

TEST(ParseTracepointFormat, ReadsNumberAndFields) {
  const auto format = ParseTracepointFormat(kText);
  ASSERT_TRUE(format) << format.error().ToString();
  EXPECT_EQ(format->id, 2264U);
  EXPECT_EQ(format->OffsetOf("common_type", 2), 0U);
  EXPECT_EQ(format->OffsetOf("proto", 1), 24U);
}

TEST(ParseTracepointFormat, NamesAFieldWithoutItsTypeAndBounds) {
  const auto format = ParseTracepointFormat(kText);
  ASSERT_TRUE(format);
  EXPECT_EQ(format->OffsetOf("src", 4), 28U);
  EXPECT_EQ(format->OffsetOf("sk", 8), 32U);
}

TEST(ParseTracepointFormat, AFieldOfAnotherSizeIsNone) {
  const auto format = ParseTracepointFormat(kText);
  ASSERT_TRUE(format);
  EXPECT_EQ(format->OffsetOf("src", 16), std::nullopt);
  EXPECT_EQ(format->OffsetOf("sport", 2), std::nullopt);
}

TEST(ParseTracepointFormat, RefusesWhatHasNoNumber) {
  EXPECT_EQ(ErrcOf(ParseTracepointFormat("")), Errc::kMalformed);
  EXPECT_EQ(ErrcOf(ParseTracepointFormat("ID: many\n")), Errc::kMalformed);
}

TEST(ParseTracepointFormat, RefusesAFieldThatCannotBeRead) {
  EXPECT_EQ(ErrcOf(ParseTracepointFormat("ID: 1\n\tfield:u8 a;\toffset:x;\tsize:1;\n")),
            Errc::kMalformed);
  EXPECT_EQ(ErrcOf(ParseTracepointFormat("ID: 1\n\tfield:u8 a;\toffset:1;\n")), Errc::kMalformed);
  EXPECT_EQ(ErrcOf(ParseTracepointFormat("ID: 1\n\tfield:u8 a\n")), Errc::kMalformed);
}

TEST(ParseTracepointFormat, IsBounded) {
  std::string text = "ID: 1\n";
  for (std::size_t i = 0; i <= TracepointFormat::kMaxFields; ++i) {
    text += "\tfield:u8 f" + std::to_string(i) + ";\toffset:1;\tsize:1;\n";
  }
  EXPECT_EQ(ErrcOf(ParseTracepointFormat(text)), Errc::kTooLarge);
}

TEST(ParseTracepointFormat, EveryPartOfItIsAnAnswerOrAnError) {
  for (std::size_t size = 0; size < kText.size(); ++size) {
    const auto format = ParseTracepointFormat(kText.substr(0, size));
    if (format) {
      EXPECT_LE(format->fields.size(), 5U);
    }
  }
}

}  // namespace
}  // namespace procwall
