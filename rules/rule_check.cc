// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "base/file.h"
#include "rules/rule_file.h"
#include "rules/rule_store.h"

namespace procwall {
namespace {

RuleCheckLine Refused(const std::string& file, RuleError error) {
  return {file, {}, false, std::move(error), {}};
}

RuleCheckLine Unreadable(const std::string& file, const Error& error) {
  return Refused(file, RuleError{file, 0, 0, "cannot be read: " + error.ToString()});
}

RuleCheckLine CheckFile(const std::string& file) {
  const auto text = ReadFileAt(AT_FDCWD, file.c_str(), kMaxRuleFileBytes);
  if (!text) return Unreadable(file, text.error());
  References references;
  references.lists = std::make_shared<ListStore>(::geteuid());
  auto checked = CheckRuleFile(*text, file, references);
  if (!checked) return Refused(file, std::move(checked.error()));
  return {file, std::move(checked->rule.name), true, {}, std::move(checked->notes)};
}

std::vector<RuleCheckLine> CheckDirectory(const std::string& directory) {
  const SystemClock clock;
  RuleStore store(directory, clock);
  if (const Status loaded = store.Load(); !loaded) return {Unreadable(directory, loaded.error())};
  std::vector<RuleCheckLine> lines;
  for (const RuleFileState& state : store.Files()) {
    const std::string path = directory + (directory.ends_with('/') ? "" : "/") + state.file;
    if (state.error) {
      lines.push_back(Refused(path, *state.error));
    } else {
      lines.push_back({path, state.rule == nullptr ? "" : state.rule->name, true, {}, state.notes});
    }
  }
  return lines;
}

}  // namespace

std::vector<RuleCheckLine> CheckRules(const std::string& path) {
  struct stat status {};
  const bool is_directory = ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
  if (is_directory) return CheckDirectory(path);
  return {CheckFile(path)};
}

}  // namespace procwall
