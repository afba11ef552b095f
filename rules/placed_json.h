// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "rules/rule_error.h"

namespace procwall {

// A JSON value that knows in which line of its file it ends (of an object or a list: begins), so
// that what is wrong with it can be told to its author.
struct PlacedJson {
  enum class Kind : std::uint8_t { kNull, kTruth, kNumber, kText, kList, kObject };
  Kind kind = Kind::kNull;
  bool truth = false;
  std::string text{};  // of a text; of a number as it is written
  std::vector<PlacedJson> items{};
  std::vector<std::pair<std::string, PlacedJson>> members{};
  int line = 1;

  bool Is(Kind other) const { return kind == other; }
  // The value of a key in any letter case, as Go finds it; null if there is none, or it is null.
  const PlacedJson* Find(std::string_view key) const;
};

// Comments are allowed. Not deeper than kMaxJsonDepth. The error names file, line and reason.
inline constexpr std::size_t kMaxJsonDepth = 64;
tl::expected<PlacedJson, RuleError> ParsePlacedJson(std::string_view text,
                                                    std::string_view file_name);

}  // namespace procwall
