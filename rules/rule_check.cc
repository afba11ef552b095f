// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
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

RuleCheckLine UnreadableLine(const std::string& file, const Error& error) {
  return Refused(file, RuleError{file, 0, 0, "cannot be read: " + error.ToString()});
}

// The rules' references, and a line about the file of aliases if there is something to say.
References AssumeReferences(const std::string& directory, std::vector<RuleCheckLine>& lines) {
  AssumedAliases assumed = AssumeAliases(directory);
  if (!assumed.error.empty()) {
    lines.push_back(Refused(assumed.file, RuleError{assumed.file, 0, 0, std::move(assumed.error)}));
  } else if (!assumed.notes.empty()) {
    lines.push_back({assumed.file, {}, true, {}, std::move(assumed.notes)});
  }
  References references;
  references.aliases = std::move(assumed.aliases);
  references.lists = std::make_shared<ListStore>(::geteuid());
  return references;
}

std::vector<RuleCheckLine> CheckFile(const std::string& file) {
  const auto text = ReadFileAt(AT_FDCWD, file.c_str(), kMaxRuleFileBytes);
  if (!text) return {UnreadableLine(file, text.error())};
  std::vector<RuleCheckLine> lines;
  const std::string directory = std::filesystem::path(file).parent_path();
  const References references = AssumeReferences(directory.empty() ? "." : directory, lines);
  auto checked = CheckRuleFile(*text, file, references);
  if (!checked) {
    lines.push_back(Refused(file, std::move(checked.error())));
  } else {
    lines.push_back({file, std::move(checked->rule.name), true, {}, std::move(checked->notes)});
  }
  return lines;
}

std::vector<RuleCheckLine> CheckDirectory(const std::string& directory) {
  const SystemClock clock;
  std::vector<RuleCheckLine> lines;
  RuleStore store(directory, clock, AssumeReferences(directory, lines));
  if (const Status loaded = store.Load(); !loaded) {
    return {UnreadableLine(directory, loaded.error())};
  }
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
  return CheckFile(path);
}

}  // namespace procwall
