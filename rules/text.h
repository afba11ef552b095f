// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace procwall {

bool IsAscii(std::string_view text);
constexpr char ToLowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// The text with a-z for A-Z and for the two other characters that are ASCII letters when case is
// ignored: the long s (U+017F) is an s, the Kelvin sign (U+212A) a k. All else stays. So an ASCII
// text is part of another, case ignored, exactly if its folded form is part of the other's.
std::string Folded(std::string_view text);

// A value that many conditions look at, borrowed. Its folded form is made when first asked for and
// kept; short texts need no memory for it. Thread rule: one thread only.
class Text {
 public:
  explicit Text(std::string_view view) : view_(view) {}
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;

  std::string_view View() const { return view_; }
  std::string_view Folded() const;

 private:
  std::string_view view_;
  mutable bool is_folded_ = false;
  mutable std::size_t folded_size_ = 0;
  mutable std::array<char, 192> short_;  // the folded form, if it fits; not initialised before
  mutable std::string long_;             // else
};

}  // namespace procwall
