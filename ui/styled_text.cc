// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/styled_text.h"

#include <algorithm>
#include <cwchar>
#include <utility>

#include "base/printable.h"
#include "base/utf8.h"

namespace procwall {
namespace {

constexpr std::string_view kEllipsis = "…";

std::size_t WidthOf(const CodePoint& character) {
  if (character.length == 0) return 1;
  const int width = ::wcwidth(static_cast<wchar_t>(character.value));
  return width < 0 ? 1 : static_cast<std::size_t>(width);
}

std::size_t BytesOf(const CodePoint& character) {
  return std::max<std::size_t>(character.length, 1);
}

// The longest beginning of `text` that fits into `width` columns.
std::string_view FrontThatFits(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const CodePoint character = FirstCodePoint(text.substr(bytes));
    const std::size_t columns = WidthOf(character);
    if (columns > width) break;
    width -= columns;
    bytes += BytesOf(character);
  }
  return text.substr(0, bytes);
}

// What is left of `text` without the characters that fill its first `width` columns.
std::string_view WithoutFront(std::string_view text, std::size_t width) {
  std::size_t skipped = 0;
  while (!text.empty()) {
    const CodePoint character = FirstCodePoint(text);
    const std::size_t columns = WidthOf(character);
    // A combining character goes with the one it belongs to.
    if (skipped >= width && columns > 0) break;
    skipped += columns;
    text.remove_prefix(BytesOf(character));
  }
  return text;
}

const char* EscapeOf(Style style) {
  switch (style) {
    case Style::kPlain:
      return "";
    case Style::kDim:
      return "\x1b[2m";
    case Style::kBold:
      return "\x1b[1m";
    case Style::kGood:
      return "\x1b[32m";
    case Style::kBad:
      return "\x1b[31m";
    case Style::kWarning:
      return "\x1b[33m";
    case Style::kAccent:
      return "\x1b[36m";
  }
  return "";
}

}  // namespace

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint character = FirstCodePoint(text);
    width += WidthOf(character);
    text.remove_prefix(BytesOf(character));
  }
  return width;
}

StyledText& StyledText::Append(std::string_view text, Style style) {
  if (!text.empty()) pieces_.push_back({TerminalSafe(text), style});
  return *this;
}

StyledText& StyledText::Join(const StyledText& text) {
  pieces_.insert(pieces_.end(), text.pieces_.begin(), text.pieces_.end());
  return *this;
}

std::size_t StyledText::Width() const {
  std::size_t width = 0;
  for (const Piece& piece : pieces_) width += DisplayWidth(piece.text);
  return width;
}

StyledText StyledText::KeepingFront(std::size_t width) const {
  if (Width() <= width) return *this;
  StyledText kept;
  if (width == 0) return kept;
  std::size_t left = width - 1;
  for (const Piece& piece : pieces_) {
    const std::string_view front = FrontThatFits(piece.text, left);
    if (!front.empty()) kept.pieces_.push_back({std::string(front), piece.style});
    left -= DisplayWidth(front);
    if (front.size() < piece.text.size()) {
      kept.pieces_.push_back({std::string(kEllipsis), piece.style});
      break;
    }
  }
  return kept;
}

StyledText StyledText::KeepingBack(std::size_t width) const {
  const std::size_t full = Width();
  if (full <= width) return *this;
  StyledText kept;
  if (width == 0) return kept;
  std::size_t surplus = full - (width - 1);
  for (const Piece& piece : pieces_) {
    const std::size_t columns = DisplayWidth(piece.text);
    if (columns <= surplus) {
      surplus -= columns;
      continue;
    }
    if (kept.pieces_.empty()) kept.pieces_.push_back({std::string(kEllipsis), piece.style});
    kept.pieces_.push_back({std::string(WithoutFront(piece.text, surplus)), piece.style});
    surplus = 0;
  }
  return kept;
}

std::string StyledText::Render(Colours colours) const {
  std::string line;
  for (const Piece& piece : pieces_) {
    const bool styled = colours == Colours::kOn && piece.style != Style::kPlain;
    if (styled) line += EscapeOf(piece.style);
    line += piece.text;
    if (styled) line += "\x1b[0m";
  }
  return line;
}

}  // namespace procwall
