// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/table.h"

#include <algorithm>
#include <cassert>

namespace procwall {
namespace {

StyledText Fitted(const StyledText& cell, const Column& column) {
  switch (column.cut) {
    case Cut::kNever:
      return cell;
    case Cut::kKeepFront:
      return cell.KeepingFront(column.width);
    case Cut::kKeepBack:
      return cell.KeepingBack(column.width);
  }
  return cell;
}

std::size_t TotalWidth(const Layout& layout) {
  std::size_t total = layout.columns.empty() ? 0 : layout.gap * (layout.columns.size() - 1);
  for (const Column& column : layout.columns) total += column.width;
  return total;
}

Column* WidestCuttable(Layout& layout) {
  Column* widest = nullptr;
  for (Column& column : layout.columns) {
    if (column.cut == Cut::kNever || column.width <= column.min_width) continue;
    if (widest == nullptr || column.width > widest->width) widest = &column;
  }
  return widest;
}

}  // namespace

std::string RenderRow(const Layout& layout, const Cells& cells, Colours colours) {
  assert(cells.size() <= layout.columns.size());
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Column& column = layout.columns[i];
    const StyledText cell = Fitted(cells[i], column);
    const std::size_t width = cell.Width();
    const std::size_t padding = width < column.width ? column.width - width : 0;
    if (column.align == Align::kRight) line.append(padding, ' ');
    line += cell.Render(colours);
    if (column.align == Align::kLeft) line.append(padding, ' ');
    line.append(layout.gap, ' ');
  }
  // Neither the last column nor empty cells at the end are padded.
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

std::string RenderTitles(const Layout& layout, Colours colours) {
  Cells titles;
  for (const Column& column : layout.columns) titles.emplace_back(column.title, Style::kDim);
  return RenderRow(layout, titles, colours);
}

void ShrinkToFit(Layout& layout, std::size_t total) {
  if (total == 0) return;
  while (TotalWidth(layout) > total) {
    Column* widest = WidestCuttable(layout);
    if (widest == nullptr) return;
    --widest->width;
  }
}

std::string RenderTable(Layout layout, const std::vector<Cells>& rows, const Terminal& terminal) {
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    Column& column = layout.columns[i];
    column.width = std::max(column.width, DisplayWidth(column.title));
    for (const Cells& row : rows) {
      if (i < row.size()) column.width = std::max(column.width, row[i].Width());
    }
  }
  ShrinkToFit(layout, terminal.width);
  std::string table = RenderTitles(layout, terminal.colours) + "\n";
  for (const Cells& row : rows) table += RenderRow(layout, row, terminal.colours) + "\n";
  return table;
}

}  // namespace procwall
