// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/paragraph.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

std::string At(std::size_t width, std::string_view text) {
  return RenderParagraph("How", text, Style::kPlain, {true, width, Colours::kOff});
}

TEST(RenderParagraph, PutsTheLabelBesideTheText) {
  EXPECT_EQ(At(80, "so it is"), "How        so it is\n");
}

TEST(RenderParagraph, BreaksBetweenWords) {
  EXPECT_EQ(At(36, "the kernel saw curl connect it"),
            "How        the kernel saw curl\n"
            "           connect it\n");
}

TEST(RenderParagraph, DoesNotCutALongWord) {
  EXPECT_EQ(At(31, "/a/very/long/path/of/a/program is it"),
            "How        /a/very/long/path/of/a/program\n"
            "           is it\n");
}

TEST(RenderParagraph, IsNeverWiderThanOneCanRead) {
  const std::string text = At(300, std::string(50, 'a') + " " + std::string(50, 'b'));
  EXPECT_EQ(text.find('\n'), kLabelWidth + 50);
  EXPECT_EQ(At(0, std::string(50, 'a') + " " + std::string(50, 'b')), text);
}

TEST(RenderParagraph, SurvivesATerminalOfOneColumn) { EXPECT_EQ(At(1, "one"), "How        one\n"); }

TEST(RenderParagraph, LetsNoStrangerWriteOnTheTerminal) {
  EXPECT_EQ(At(80, "/tmp/\x1b[31m\n"), "How        /tmp/\\x1b[31m\\x0a\n");
}

}  // namespace
}  // namespace procwall
