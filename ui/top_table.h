// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ui/styled_text.h"
#include "ui/top_rows.h"

namespace procwall {

// The rows of `procwall top` as columns that fit a screen of that width: the wider it is, the more
// of them. With bytes there are rates of them, without only decisions are counted. Pure.
class TopTable {
 public:
  enum class Bytes : std::uint8_t { kNo, kYes };
  TopTable(std::size_t width, Bytes bytes);

  StyledText Titles() const;
  enum class Mark : std::uint8_t { kNone, kSelected };
  StyledText Line(const TopRow& row, bool is_open, Mark mark, TopTime now) const;

 private:
  enum class Name : std::uint8_t {
    kProgram,
    kProtocol,
    kMark,
    kState,
    kRule,
    kConfidence,
    kAllowed,
    kDenied,
    kPerSecond,
    kInRate,
    kOutRate,
    kIn,
    kOut,
    kLast
  };
  struct Column {
    Name name;
    const char* title;
    std::size_t width;  // 0: shares what is left
    std::size_t from;   // least width of the screen with bytes
    std::size_t plain;  // likewise without; kNever
    bool is_number;
  };
  static constexpr std::size_t kNever = 100'000;

  static const std::vector<Column>& AllColumns();
  StyledText Cell(const Column& column, const TopRow& row, bool is_open, TopTime now) const;
  StyledText ProgramCellOf(const TopRow& row, bool is_open, std::size_t width) const;
  bool Has(Name name) const;

  std::vector<Column> columns_;
};

}  // namespace procwall
