// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

namespace procwall {

// Why a rule cannot be used: for the person who wrote it.
struct RuleError {
  std::string file;  // empty when the rule came from no file
  int line = 0;      // 1-based; 0: not known, or the file as a whole
  int column = 0;    // in characters, as editors count
  std::string reason;

  // "/etc/procwall/rules/a.json:3:17: reason"; what is not known is left out.
  std::string ToString() const;
  friend bool operator==(const RuleError&, const RuleError&) = default;
};

}  // namespace procwall
