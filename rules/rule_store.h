// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "rules/rule.h"
#include "rules/rule_set.h"

namespace procwall {

// A file of the directory and what became of it.
struct RuleFileState {
  std::string file;                  // base name
  std::shared_ptr<const Rule> rule;  // the version in force; null: none
  std::optional<RuleError> error;    // why the newest version is not in force
};

// The rule directory: *.json, read in lexical order, followed by inotify. A bad file keeps its last
// good version in force. The only part of rules/ that touches files. Thread rule: one thread only.
class RuleStore {
 public:
  explicit RuleStore(std::string directory);

  // Reads the whole directory. The Status is about the directory itself (missing, unreadable); what
  // became of each file is in Files().
  Status Load();
  const std::string& Directory() const { return directory_; }
  const std::vector<RuleFileState>& Files() const { return files_; }

  // Every rule in force, disabled ones included, in the order the rule set wants them; and the
  // errors of all files.
  std::vector<std::shared_ptr<const Rule>> Rules() const;
  std::vector<RuleError> Errors() const;

  // Starts following the directory: the fd is readable when something changed. Call Reload() then:
  // it drains the fd and reads the directory again, if a change concerned it; true if any rule
  // changed.
  Status Watch();
  int UnsafeWatchFd() const { return watch_.UnsafeFd(); }
  bool Reload();

 private:
  std::string directory_;
  std::vector<RuleFileState> files_;
  UniqueFd watch_;
};

}  // namespace procwall
