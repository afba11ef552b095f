// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_error.h"

#include <fmt/format.h>

namespace procwall {

std::string RuleError::ToString() const {
  std::string place = file;
  if (line > 0) {
    if (!place.empty()) place += ':';
    place += std::to_string(line);
    if (column > 0) place += fmt::format(":{}", column);
  }
  return place.empty() ? reason : fmt::format("{}: {}", place, reason);
}

}  // namespace procwall
