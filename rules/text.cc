// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/text.h"

#include <algorithm>

namespace procwall {

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

std::optional<std::string_view> Text::LowerAscii() const {
  if (lowered_ == Lowered::kNotYet) {
    lowered_ = IsAscii(view_) ? Lowered::kDone : Lowered::kNotAscii;
    if (lowered_ == Lowered::kDone) {
      if (view_.size() > short_.size()) long_.resize(view_.size());
      char* const to = view_.size() > short_.size() ? long_.data() : short_.data();
      std::transform(view_.begin(), view_.end(), to, ToLowerAscii);
    }
  }
  if (lowered_ == Lowered::kNotAscii) return std::nullopt;
  const char* const from = view_.size() > short_.size() ? long_.data() : short_.data();
  return std::string_view(from, view_.size());
}

}  // namespace procwall
