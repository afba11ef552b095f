// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <vector>

#include "rules/rule_error.h"

namespace procwall {

// What the daemon would make of one rule file.
struct RuleCheckLine {
  std::string file;  // its path
  std::string name;  // of the rule; empty when refused before it was known
  bool ok = false;
  RuleError error;                 // when not ok; line 0: the file as a whole
  std::vector<std::string> notes;  // when ok: what its author should know all the same

  friend bool operator==(const RuleCheckLine&, const RuleCheckLine&) = default;
};

// Checks the rule files of a directory as the daemon would load them, or a single file, whatever
// its name is. A path that cannot be read is one refused line, and so is a file of network aliases
// that cannot be used (see AssumeAliases()). Changes nothing.
std::vector<RuleCheckLine> CheckRules(const std::string& path);

}  // namespace procwall
