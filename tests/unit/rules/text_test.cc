// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/text.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(TextLowerAscii, LowersLettersAndNothingElse) {
  EXPECT_EQ(Text("/Usr/@[Z]{1}").LowerAscii(), "/usr/@[z]{1}");
  EXPECT_EQ(Text("").LowerAscii(), "");
}

TEST(TextLowerAscii, IsTheSameForLongTextsAndAskedTwice) {
  const std::string upper(300, 'A');
  const Text text(upper);
  EXPECT_EQ(text.LowerAscii(), std::string(300, 'a'));
  EXPECT_EQ(text.LowerAscii(), std::string(300, 'a'));
}

TEST(TextLowerAscii, IsNotThereForOtherLetters) {
  EXPECT_EQ(Text("\u00c9").LowerAscii(), std::nullopt);
  EXPECT_EQ(Text("a\xff").LowerAscii(), std::nullopt);
}

}  // namespace
}  // namespace procwall
