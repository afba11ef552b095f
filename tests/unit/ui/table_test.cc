// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/table.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

Layout NameAndCount() {
  return {{{.title = "NAME", .cut = Cut::kKeepFront},
           {.title = "COUNT", .align = Align::kRight},
           {.title = "NOTE"}},
          2};
}

TEST(Table, MakesColumnsAsWideAsTheirWidestCell) {
  EXPECT_EQ(RenderTable(NameAndCount(), {{"curl", "7", "x"}, {"firefox", "1,234", ""}}, Terminal{}),
            "NAME     COUNT  NOTE\n"
            "curl         7  x\n"
            "firefox  1,234\n");
}

TEST(Table, CutsTheWidestColumnToFitTheTerminal) {
  EXPECT_EQ(
      RenderTable(NameAndCount(), {{"a-very-long-name", "7", "note"}}, {true, 24, Colours::kOff}),
      "NAME         COUNT  NOTE\n"
      "a-very-lon…      7  note\n");
}

TEST(Table, DoesNotMakeColumnsUselesslyNarrow) {
  EXPECT_EQ(
      RenderTable(NameAndCount(), {{"a-very-long-name", "7", "note"}}, {true, 3, Colours::kOff}),
      "NAME      COUNT  NOTE\n"
      "a-very-…      7  note\n");
}

TEST(Table, PushesTheRestOfALineForACellThatMayNotBeCut) {
  const Layout layout{{{.title = "A", .width = 2}, {.title = "B", .width = 2}}, 1};
  EXPECT_EQ(RenderRow(layout, {"long", "b"}, Colours::kOff), "long b");
}

TEST(Table, TakesRowsWithFewerCells) {
  EXPECT_EQ(RenderTable(NameAndCount(), {Cells{"only"}}, Terminal{}), "NAME  COUNT  NOTE\nonly\n");
}

TEST(Table, KeepsAHostileNameOnItsLine) {
  EXPECT_EQ(RenderTable(NameAndCount(), {{"a\nb", "1", "\x1b[0m"}}, Terminal{}),
            "NAME    COUNT  NOTE\n"
            "a\\x0ab      1  \\x1b[0m\n");
}

}  // namespace
}  // namespace procwall
