// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <ostream>

#include "base/result.h"

namespace procwall {

// How a test failure shows it.
inline void PrintTo(Errc code, std::ostream* out) { *out << ErrcName(code); }

// The kind of failure; nullopt on success: EXPECT_EQ(ErrcOf(ParseX(bytes)), Errc::kTruncated).
template <typename T>
std::optional<Errc> ErrcOf(const Result<T>& result) {
  if (result) return std::nullopt;
  return result.error().code;
}

}  // namespace procwall
