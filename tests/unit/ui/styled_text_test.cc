// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/styled_text.h"

#include <gtest/gtest.h>
#include <locale.h>

namespace procwall {
namespace {

class StyledTextTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ::setlocale(LC_CTYPE, "C.UTF-8"); }
};

std::string Plain(const StyledText& text) { return text.Render(Colours::kOff); }

TEST_F(StyledTextTest, CountsWideAndCombiningCharacters) {
  EXPECT_EQ(DisplayWidth("curl"), 4U);
  EXPECT_EQ(DisplayWidth("µs"), 2U);
  EXPECT_EQ(DisplayWidth("漢字"), 4U);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1U);
  EXPECT_EQ(DisplayWidth("\xff"), 1U);
}

TEST_F(StyledTextTest, CutsTheEndOrTheBeginning) {
  StyledText text("/usr/bin/", Style::kDim);
  text.Append("curl");
  EXPECT_EQ(Plain(text.KeepingFront(13)), "/usr/bin/curl");
  EXPECT_EQ(Plain(text.KeepingFront(12)), "/usr/bin/cu…");
  EXPECT_EQ(Plain(text.KeepingFront(10)), "/usr/bin/…");
  EXPECT_EQ(Plain(text.KeepingFront(4)), "/us…");
  EXPECT_EQ(Plain(text.KeepingBack(12)), "…sr/bin/curl");
  EXPECT_EQ(Plain(text.KeepingBack(5)), "…curl");
  EXPECT_EQ(Plain(text.KeepingBack(3)), "…rl");
  EXPECT_EQ(Plain(text.KeepingBack(0)), "");
  EXPECT_EQ(Plain(text.KeepingFront(0)), "");
}

TEST_F(StyledTextTest, NeverCutsAWideCharacterInHalf) {
  const StyledText text("漢字漢字");
  EXPECT_EQ(Plain(text.KeepingFront(4)), "漢…");
  EXPECT_EQ(Plain(text.KeepingBack(4)), "…字");
}

TEST_F(StyledTextTest, EveryCutFitsItsWidth) {
  StyledText text("/opt/漢字かな/", Style::kDim);
  text.Append("e\u0301vil\xff\x1b[31m", Style::kBold).Append(" 4211");
  for (std::size_t width = 0; width <= text.Width() + 1; ++width) {
    EXPECT_LE(text.KeepingFront(width).Width(), width);
    EXPECT_LE(text.KeepingBack(width).Width(), width);
  }
}

TEST_F(StyledTextTest, WritesColoursOnlyWhenAsked) {
  StyledText text("a");
  text.Append("b", Style::kBad).Join(StyledText("c", Style::kGood));
  EXPECT_EQ(text.Render(Colours::kOn), "a\x1b[31mb\x1b[0m\x1b[32mc\x1b[0m");
  EXPECT_EQ(text.Render(Colours::kOff), "abc");
}

TEST_F(StyledTextTest, LetsNoControlCharacterThrough) {
  EXPECT_EQ(Plain(StyledText("a\x1b[2Jb\nc\rd\tе\x7f\xc2\x9b\xe2\x80\xae\xff")),
            "a\\x1b[2Jb\\x0ac\\x0dd\\x09е\\x7f\\xc2\\x9b\\xe2\\x80\\xae\\xff");
}

}  // namespace
}  // namespace procwall
