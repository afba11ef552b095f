// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "base/printable.h"
#include "rules/rule_file.h"

namespace procwall {
namespace {

bool IsRuleFileName(std::string_view name) {
  return name.ends_with(".json") && !name.starts_with('.');
}

Result<std::set<std::string>> ListRuleFiles(int directory_fd) {
  // A descriptor of its own: closedir() closes it.
  UniqueFd fd = PROCWALL_TRY(OpenAt(directory_fd, ".", O_RDONLY | O_DIRECTORY));
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd.UnsafeFd()), ::closedir);
  if (stream == nullptr) return SystemError(errno, "list rules directory");
  fd.Release();
  std::set<std::string> names;
  for (;;) {
    errno = 0;
    // A stream of our own, used by one thread.
    const dirent* const entry = ::readdir(stream.get());  // NOLINT(concurrency-mt-unsafe)
    if (entry == nullptr) break;
    if (IsRuleFileName(entry->d_name)) names.emplace(entry->d_name);
  }
  if (errno != 0) return SystemError(errno, "list rules directory");
  return names;
}

std::string ReasonOf(const Error& error) {
  if (error.code == Errc::kTooLarge) {
    return fmt::format("larger than the {} bytes a rule may have", kMaxRuleFileBytes);
  }
  return "cannot be read: " + error.ToString();
}

bool SameRules(const std::vector<std::shared_ptr<const Rule>>& a,
               const std::vector<std::shared_ptr<const Rule>>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x == y || *x == *y; });
}

}  // namespace

RuleStore::RuleStore(std::string directory) : directory_(std::move(directory)) {}

Status RuleStore::Load() {
  Status status = ReadDirectory();
  if (status) {
    directory_error_.reset();
    Settle();
  } else {
    directory_error_ = status.error();
  }
  return status;
}

std::vector<std::shared_ptr<const Rule>> RuleStore::Rules() const {
  std::vector<std::shared_ptr<const Rule>> rules;
  for (const RuleFileState& file : files_) {
    if (file.rule != nullptr) rules.push_back(file.rule);
  }
  return rules;
}

std::vector<RuleError> RuleStore::Errors() const {
  std::vector<RuleError> errors;
  for (const RuleFileState& file : files_) {
    if (file.error) errors.push_back(*file.error);
  }
  return errors;
}

Status RuleStore::Watch() {
  watch_ = PROCWALL_TRY(DirectoryWatch::Create(directory_));
  return {};
}

bool RuleStore::Reload() {
  if (!watch_) return false;
  const DirectoryChanges changes = watch_->Drain();
  if (changes.None()) return false;
  if (changes.anything || changes.directory_changed) {
    const auto before = Rules();
    return Load() && !SameRules(before, Rules());
  }
  const auto directory = OpenAt(AT_FDCWD, directory_.c_str(), O_RDONLY | O_DIRECTORY);
  if (!directory) {
    directory_error_ = directory.error();
    return false;
  }
  for (const std::string& name : changes.files) {
    if (IsRuleFileName(name)) ReadFile(directory->UnsafeFd(), name);
  }
  return Settle();
}

Status RuleStore::ReadDirectory() {
  const UniqueFd directory =
      PROCWALL_TRY(OpenAt(AT_FDCWD, directory_.c_str(), O_RDONLY | O_DIRECTORY));
  const std::set<std::string> names = PROCWALL_TRY(ListRuleFiles(directory.UnsafeFd()));
  std::erase_if(known_, [&](const auto& known) { return !names.contains(known.first); });
  for (const std::string& name : names) ReadFile(directory.UnsafeFd(), name);
  return {};
}

void RuleStore::ReadFile(int directory_fd, const std::string& name) {
  struct stat status {};
  if (::fstatat(directory_fd, name.c_str(), &status, 0) != 0) {
    const int error = errno;
    // No such file: it has gone, unless its name is that of a link that points nowhere.
    if (error != ENOENT) return Refuse(name, ReasonOf(SystemError(error, "look at file")));
    if (::fstatat(directory_fd, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
      return Refuse(name, "a symbolic link to a file that is not there");
    }
    known_.erase(name);
    return;
  }
  if (!S_ISREG(status.st_mode)) return Refuse(name, "not a regular file");
  const auto text = ReadFileAt(directory_fd, name.c_str(), kMaxRuleFileBytes);
  if (text) return Learn(name, *text);
  if (text.error().code == Errc::kNotFound) {
    known_.erase(name);
  } else {
    Refuse(name, ReasonOf(text.error()));
  }
}

void RuleStore::Learn(const std::string& name, std::string_view text) {
  auto checked = CheckRuleFile(text, PathOf(name));
  Known& known = known_[name];
  if (!checked) {
    known.error = std::move(checked.error());
    return;
  }
  known.error.reset();
  known.notes = std::move(checked->notes);
  if (known.rule == nullptr || *known.rule != checked->rule) {
    known.rule = std::make_shared<const Rule>(std::move(checked->rule));
  }
}

void RuleStore::Refuse(const std::string& name, std::string reason) {
  known_[name].error = RuleError{PathOf(name), 0, 0, std::move(reason)};
}

std::string RuleStore::PathOf(const std::string& name) const {
  return directory_.ends_with('/') ? directory_ + name : directory_ + "/" + name;
}

bool RuleStore::Settle() {
  const auto before = Rules();
  std::map<std::string_view, std::string_view> last_file;  // by the name of the rule
  for (const auto& [file, known] : known_) {
    if (known.rule != nullptr) last_file[known.rule->name] = file;
  }
  files_.clear();
  for (const auto& [file, known] : known_) {
    RuleFileState state{file, known.rule, known.error, known.notes};
    if (known.rule != nullptr && last_file[known.rule->name] != file) {
      state.rule.reset();
      if (!state.error) {
        state.error = RuleError{
            PathOf(file), 0, 0,
            fmt::format("hidden by {}, which has a rule of the same name \"{}\"",
                        Printable(last_file[known.rule->name]), Printable(known.rule->name))};
      }
    }
    files_.push_back(std::move(state));
  }
  return !SameRules(before, Rules());
}

}  // namespace procwall
