// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/printable.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <fmt/format.h>

#include "base/utf8.h"

namespace procwall {
namespace {

// Characters that move the cursor, hide text or turn its direction around.
bool IsHarmful(std::uint32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7f && code_point <= 0x9f) ||
         (code_point >= 0x200b && code_point <= 0x200f) ||
         (code_point >= 0x2028 && code_point <= 0x202e) ||
         (code_point >= 0x2060 && code_point <= 0x206f) || code_point == 0xfeff ||
         code_point == 0x061c;
}

enum class Backslash : unsigned char { kDouble, kKeep };

// Nearly all there is: what can be shown as it is.
bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 0x20 && c < 0x7f && c != '\\'; });
}

std::string Escape(std::string_view text, Backslash backslash) {
  if (IsPlain(text)) return std::string(text);
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const CodePoint first = FirstCodePoint(text);
    const std::size_t length = first.length == 0 ? 1 : first.length;
    if (text.front() == '\\' && backslash == Backslash::kDouble) {
      shown += "\\\\";
    } else if (first.length == 0 || IsHarmful(first.value)) {
      for (const char c : text.substr(0, length)) {
        shown += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(c));
      }
    } else {
      shown += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return shown;
}

}  // namespace

std::string Printable(std::string_view text) { return Escape(text, Backslash::kDouble); }

std::string TerminalSafe(std::string_view text) { return Escape(text, Backslash::kKeep); }

}  // namespace procwall
