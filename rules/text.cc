// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/text.h"

#include <algorithm>

namespace procwall {
namespace {

constexpr std::string_view kLongS = "\xc5\xbf";
constexpr std::string_view kKelvin = "\xe2\x84\xaa";

// Writes the folded form to `to`, which has room for text.size() characters: it never grows.
std::size_t FoldInto(std::string_view text, char* to) {
  char* end = to;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if ((c & 0x80) == 0) {
      *end++ = ToLowerAscii(c);
      ++i;
    } else if (text.substr(i).starts_with(kLongS)) {
      *end++ = 's';
      i += kLongS.size();
    } else if (text.substr(i).starts_with(kKelvin)) {
      *end++ = 'k';
      i += kKelvin.size();
    } else {
      *end++ = c;
      ++i;
    }
  }
  return static_cast<std::size_t>(end - to);
}

}  // namespace

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

std::string Folded(std::string_view text) {
  std::string folded(text.size(), '\0');
  folded.resize(FoldInto(text, folded.data()));
  return folded;
}

std::string_view Text::Folded() const {
  const bool fits = view_.size() <= short_.size();
  if (!is_folded_) {
    if (!fits) long_.resize(view_.size());
    folded_size_ = FoldInto(view_, fits ? short_.data() : long_.data());
    is_folded_ = true;
  }
  return {fits ? short_.data() : long_.data(), folded_size_};
}

}  // namespace procwall
