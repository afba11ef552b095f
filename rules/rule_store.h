// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "rules/compiled_rule.h"
#include "rules/directory_watch.h"
#include "rules/list_store.h"
#include "rules/references.h"
#include "rules/rule.h"
#include "rules/rule_error.h"
#include "rules/rule_file.h"

namespace procwall {

// A file of the directory and what became of it.
struct RuleFileState {
  std::string file;                  // base name
  std::shared_ptr<const Rule> rule;  // the version in force; null: none
  bool has_ended = false;            // it was in force for as long as its duration says
  std::optional<RuleError> error;    // why the newest version is not in force
  std::vector<std::string> notes;    // what its author should know all the same
};

// The rule directory: *.json, read in lexical order, followed by inotify. Files in folders below it
// and those whose names begin with a dot are none of ours. A bad file keeps its last good version
// in force; of two files with rules of one name, the later is in force. The directories of lists
// that rules name are read and followed too. Thread rule: one thread only.
class RuleStore {
 public:
  // The clock tells when rules end, and must outlive the store. `reader` is whom files are read
  // for: root does not take rules that everybody can change.
  RuleStore(std::string directory, const Clock& clock, References references = {},
            uid_t reader = ::geteuid());

  // Reads the whole directory. The Status is about the directory itself (missing, unreadable,
  // kPermission when it cannot be trusted); then all stays as it was. What became of each file is
  // in Files().
  Status Load();
  const std::string& Directory() const { return directory_; }
  const std::vector<RuleFileState>& Files() const { return files_; }

  // Every rule in force, disabled ones included, in the order of their files; and the errors of all
  // files.
  std::vector<std::shared_ptr<const Rule>> Rules() const;
  std::vector<CompiledRulePtr> CompiledRules() const;
  std::vector<RuleError> Errors() const;

  // Drops the rules whose time is over; true if there were any. Worth a call at NextEnd(), which is
  // nullopt when no rule in force ever ends.
  bool DropEnded();
  std::optional<BootTime> NextEnd() const;

  // Starts following the directory: the fd is readable when something changed. Call it before
  // Load(), so that no change falls between the two.
  Status Watch();
  int UnsafeWatchFd() const { return watch_ ? watch_epoll_.UnsafeFd() : -1; }

  // Drains the fd and reads again what changed; true if any rule in force changed. Editors replace
  // a file in several steps: waiting some 20 ms after the fd became readable sees only the last.
  bool Reload();
  // What rules are compiled with, for rules that come from elsewhere.
  const References& KnownReferences() const { return references_; }
  // What became of the lists that rules name.
  std::vector<ListState> Lists() const { return references_.lists->States(); }
  // Looks again for the directories of lists that could not be followed so far; true if any rule in
  // force changed. Worth a call now and then.
  bool RetryLists();
  // Why the directory could not be read the last time; while it lasts, the rules stay as they were.
  const std::optional<Error>& DirectoryError() const { return directory_error_; }

 private:
  struct Known {  // a file: its last good version, and why a newer one is not good
    CompiledRulePtr compiled;
    std::optional<RuleError> error;
    std::vector<std::string> notes;
  };

  bool ReloadRules();
  bool CompileAgainThoseThatAskLists();
  Result<UniqueFd> OpenDirectory() const;
  Status ReadDirectory();
  struct FileGone {};
  struct FileRefused {
    std::string reason;
  };
  using FileRead = std::variant<FileGone, FileRefused, tl::expected<CheckedRule, RuleError>>;

  FileRead ReadFile(int directory_fd, const std::string& name) const;
  void TakeOver(const std::string& name, FileRead read);
  void Learn(const std::string& name, tl::expected<CheckedRule, RuleError> checked);
  void Refuse(const std::string& name, std::string reason);
  std::string PathOf(const std::string& name) const;
  bool Settle();
  bool HasEnded(const CompiledRule& rule) const;

  std::string directory_;
  const Clock& clock_;
  uid_t reader_;
  UniqueFd watch_epoll_;                // of the directory's watch and those of the lists
  References references_;               // lists: never null
  std::map<std::string, Known> known_;  // by base name: lexical order
  std::vector<RuleFileState> files_;    // made of known_ by Settle(), like the next
  std::vector<CompiledRulePtr> in_force_;
  std::optional<DirectoryWatch> watch_;
  std::optional<Error> directory_error_;
};

}  // namespace procwall
