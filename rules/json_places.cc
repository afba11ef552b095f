// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/json_places.h"

#include <algorithm>

namespace procwall {
namespace {

// The offset after the comment that starts at `offset`, or `offset` if none does.
std::size_t AfterComment(std::string_view text, std::size_t offset) {
  const std::string_view rest = text.substr(offset);
  if (rest.starts_with("//")) return std::min(text.find('\n', offset), text.size());
  if (!rest.starts_with("/*")) return offset;
  const std::size_t end = text.find("*/", offset + 2);
  return end == std::string_view::npos ? text.size() : end + 2;
}

}  // namespace

std::size_t NextTokenPlace(std::string_view text, std::size_t offset) {
  for (;;) {
    offset = std::min(text.find_first_not_of(" \t\r\n,:", offset), text.size());
    const std::size_t after = AfterComment(text, offset);
    if (after == offset) return offset;
    offset = after;
  }
}

LineColumn LineColumnAt(std::string_view text, std::size_t offset) {
  LineColumn place;
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((c & 0xc0) != 0x80) {  // not the continuation of a character
      ++place.column;
    }
  }
  return place;
}

}  // namespace procwall
