// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/text.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(TextFolded, LowersLettersAndNothingElse) {
  EXPECT_EQ(Text("/Usr/@[Z]{1}").Folded(), "/usr/@[z]{1}");
  EXPECT_EQ(Text("").Folded(), "");
  EXPECT_EQ(Text("\u00c9\xff").Folded(), "\u00c9\xff");
}

TEST(TextFolded, TakesLongSAndKelvinForTheLettersTheyAre) {
  EXPECT_EQ(Text("\u017fIC\u212a").Folded(), "sick");
  EXPECT_EQ(Text("\xc5").Folded(), "\xc5");
  EXPECT_EQ(Text("\xe2\x84").Folded(), "\xe2\x84");
}

TEST(TextFolded, IsTheSameForLongTextsAndAskedTwice) {
  const std::string upper(300, 'A');
  const Text text(upper);
  EXPECT_EQ(text.Folded(), std::string(300, 'a'));
  EXPECT_EQ(text.Folded(), std::string(300, 'a'));
}

TEST(Folded, IsWhatATextGives) { EXPECT_EQ(Folded("A\u212aB"), "akb"); }

}  // namespace
}  // namespace procwall
