// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace procwall {

bool IsAscii(std::string_view text);
constexpr char ToLowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// A value that many conditions look at, borrowed. Its lower-case form is made when first asked for
// and kept; short texts need no memory for it. Thread rule: one thread only.
class Text {
 public:
  explicit Text(std::string_view view) : view_(view) {}
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;

  std::string_view View() const { return view_; }
  // The text with a-z for A-Z; nullopt if it is not all ASCII: other letters have lower cases too.
  std::optional<std::string_view> LowerAscii() const;

 private:
  enum class Lowered : unsigned char { kNotYet, kDone, kNotAscii };

  std::string_view view_;
  mutable Lowered lowered_ = Lowered::kNotYet;
  mutable std::array<char, 256> short_;  // the lower-case form, if it fits; not initialised before
  mutable std::string long_;             // else
};

}  // namespace procwall
