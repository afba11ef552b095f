// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "rules/rule.h"
#include "rules/rule_error.h"

namespace procwall {

// The rule files of a directory (base names) in the order in which they come into force. Empty,
// too, if it cannot be read.
std::vector<std::string> RuleFilesIn(const std::string& directory);

// Which file of a rule directory holds the rule of which name, for those who save: the directory is
// read once, and then known as far as this one changes it. Files that cannot be read as rules are
// passed over, and so is a directory that cannot be read: saving tells. Thread rule: one thread.
class RuleFolder {
 public:
  explicit RuleFolder(std::string directory);

  // The file (its base name) with the rule of that name: of several, the one in force. nullopt:
  // none has it.
  std::optional<std::string> FileOf(std::string_view rule_name) const;

  // Saves the rule in its file, or in a new one (mode 0600) that takes no other file's name. Never
  // half a file: a new one is written and put in place of the old one, whose mode and owner it
  // gets. A symbolic link stays one: what it points to is replaced. A new file keeps the unknown
  // keys of `source`, the text the rule came from. The path it was saved at, or why not.
  tl::expected<std::string, RuleError> Save(const Rule& rule, std::string_view source = {});

 private:
  std::string directory_;
  std::map<std::string, std::string, std::less<>> files_;  // base names by the rules' names
};

// The same for one rule.
tl::expected<std::string, RuleError> SaveRule(const std::string& directory, const Rule& rule,
                                              std::string_view source = {});

}  // namespace procwall
