// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ui/terminal.h"

namespace procwall {

enum class Style : std::uint8_t { kPlain, kDim, kBold, kGood, kBad, kWarning, kAccent };

// Columns that `text` takes on a terminal: 2 for wide characters, 0 for combining ones. Knows them
// if LC_CTYPE is a UTF-8 locale, else counts characters.
std::size_t DisplayWidth(std::string_view text);

// A line of text, or a part of one, in pieces of one style each. Whatever goes in is made safe for
// a terminal (TerminalSafe), so nothing a stranger named can move the cursor or break the line.
class StyledText {
 public:
  StyledText() = default;
  // Implicit, so that a table's cells can be written as plain strings.
  StyledText(std::string_view text,
             Style style = Style::kPlain) {  // NOLINT(google-explicit-constructor)
    Append(text, style);
  }
  StyledText(const std::string& text) { Append(text); }  // NOLINT(google-explicit-constructor)
  StyledText(const char* text) { Append(text); }         // NOLINT(google-explicit-constructor)

  StyledText& Append(std::string_view text, Style style = Style::kPlain);
  StyledText& Join(const StyledText& text);

  std::size_t Width() const;

  // At most `width` columns: the end, or the beginning, is replaced by "…".
  StyledText KeepingFront(std::size_t width) const;
  StyledText KeepingBack(std::size_t width) const;

  std::string Render(Colours colours) const;

 private:
  struct Piece {
    std::string text;
    Style style;
  };
  std::vector<Piece> pieces_;
};

}  // namespace procwall
