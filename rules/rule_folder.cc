// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_folder.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "rules/rule_file.h"
#include "rules/rule_file_name.h"
#include "rules/rule_writer.h"

namespace procwall {
namespace {

constexpr unsigned kNewFileMode = 0600;
constexpr std::size_t kMostAttempts = 1000;

std::string PathIn(const std::string& directory, const std::string& file) {
  return std::filesystem::path(directory) / file;
}

// Where a file of that name really lies: behind the symbolic link it may be.
std::string Resolved(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? std::string(real.get()) : path;
}

// A name that no file of the directory has yet.
std::optional<std::string> NewFileName(const std::string& directory, std::string_view rule_name) {
  for (std::size_t attempt = 1; attempt <= kMostAttempts; ++attempt) {
    std::string name = RuleFileName(rule_name, attempt);
    struct stat status {};
    if (::lstat(PathIn(directory, name).c_str(), &status) != 0) return name;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> RuleFilesIn(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    std::string name = entry->path().filename();
    if (IsRuleFileName(name)) files.push_back(std::move(name));
  }
  std::sort(files.begin(), files.end());
  return files;
}

RuleFolder::RuleFolder(std::string directory) : directory_(std::move(directory)) {
  for (std::string& file : RuleFilesIn(directory_)) {
    const std::string path = PathIn(directory_, file);
    const auto text = ReadFileAt(AT_FDCWD, path.c_str(), kMaxRuleFileBytes);
    if (!text) continue;
    auto rule = ParseRuleFile(*text, path);
    if (rule) files_.insert_or_assign(std::move(rule->name), std::move(file));
  }
}

std::optional<std::string> RuleFolder::FileOf(std::string_view rule_name) const {
  const auto found = files_.find(rule_name);
  if (found == files_.end()) return std::nullopt;
  return found->second;
}

tl::expected<std::string, RuleError> RuleFolder::Save(const Rule& rule, std::string_view source) {
  const auto known = FileOf(rule.name);
  const auto name = known ? known : NewFileName(directory_, rule.name);
  if (!name) return tl::unexpected(RuleError{directory_, 0, 0, "all its file names are taken"});
  const std::string path = Resolved(PathIn(directory_, *name));
  std::string before(source);
  if (known) {
    auto text = ReadFileAt(AT_FDCWD, path.c_str(), kMaxRuleFileBytes);
    if (!text) return tl::unexpected(RuleError{path, 0, 0, text.error().ToString()});
    before = *std::move(text);
  }
  const Status saved = WriteFileAtomically(path, RuleFileText(rule, before), kNewFileMode);
  if (!saved) return tl::unexpected(RuleError{path, 0, 0, saved.error().ToString()});
  files_.insert_or_assign(rule.name, *name);
  return PathIn(directory_, *name);
}

tl::expected<std::string, RuleError> SaveRule(const std::string& directory, const Rule& rule,
                                              std::string_view source) {
  return RuleFolder(directory).Save(rule, source);
}

}  // namespace procwall
