// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ui/styled_text.h"

namespace procwall {

enum class Align : std::uint8_t { kLeft, kRight };
// What becomes of a cell that is wider than its column.
enum class Cut : std::uint8_t {
  kNever,      // it pushes the rest of its line to the right
  kKeepFront,  // names: the beginning tells most
  kKeepBack,   // paths: the end tells most
};

struct Column {
  const char* title = "";
  Align align = Align::kLeft;
  Cut cut = Cut::kNever;
  std::size_t width = 0;
  std::size_t min_width = 8;  // ShrinkToFit() leaves it so much
};

using Cells = std::vector<StyledText>;

// Columns side by side, `gap` blanks between them. The last column is not padded.
struct Layout {
  std::vector<Column> columns;
  std::size_t gap = 2;
};

// One line, without its newline. REQUIRES: at most as many cells as columns.
std::string RenderRow(const Layout& layout, const Cells& cells, Colours colours);
// The columns' titles as a dim line.
std::string RenderTitles(const Layout& layout, Colours colours);

// Takes columns away from the widest cuttable columns until the line fits into `total` columns of
// the terminal (0: it always fits), but none less than its minimum.
void ShrinkToFit(Layout& layout, std::size_t total);

// Titles and rows, each line ended by a newline; every column as wide as its widest cell, then
// shrunk to the terminal.
std::string RenderTable(Layout layout, const std::vector<Cells>& rows, const Terminal& terminal);

}  // namespace procwall
