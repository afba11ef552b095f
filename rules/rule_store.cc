// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_store.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/directory_names.h"
#include "base/file.h"
#include "base/parallel_for.h"
#include "base/printable.h"
#include "rules/condition_compiler.h"
#include "rules/lifetime.h"
#include "rules/operand.h"
#include "rules/rule_file_name.h"
#include "rules/trusted_file.h"

namespace procwall {
namespace {

Result<std::set<std::string>> ListRuleFiles(const UniqueFd& directory) {
  std::set<std::string> names;
  PROCWALL_TRY_STATUS(VisitNames(directory, [&](const DirectoryName& name) {
    if (IsRuleFileName(name.text)) names.emplace(name.text);
    return true;
  }));
  return names;
}

// What such a condition says is not all in its text: it may be another one tomorrow.
bool AsksAccounts(const Operator& op) {
  if (op.type == "list") return std::any_of(op.list.begin(), op.list.end(), AsksAccounts);
  const auto operand = FindOperand(op.operand);
  return operand &&
         ((*operand)->kind == OperandKind::kUser || (*operand)->kind == OperandKind::kGroup);
}

bool SameRules(const std::vector<CompiledRulePtr>& a, const std::vector<CompiledRulePtr>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x == y ||
           (*x->rule == *y->rule && x->expires == y->expires && !AsksAccounts(x->rule->op));
  });
}

}  // namespace

RuleStore::RuleStore(std::string directory, const Clock& clock, References references, uid_t reader)
    : directory_(std::move(directory)),
      clock_(clock),
      reader_(reader),
      references_(std::move(references)) {
  if (references_.lists == nullptr) references_.lists = std::make_shared<ListStore>(reader);
}

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
  for (const CompiledRulePtr& compiled : in_force_) rules.push_back(compiled->rule);
  return rules;
}

std::vector<CompiledRulePtr> RuleStore::CompiledRules() const { return in_force_; }

bool RuleStore::DropEnded() {
  const auto next = NextEnd();
  return next && *next <= clock_.Now() && Settle();
}

std::optional<BootTime> RuleStore::NextEnd() const {
  std::optional<BootTime> next;
  for (const CompiledRulePtr& compiled : in_force_) {
    if (compiled->expires && (!next || *compiled->expires < *next)) next = compiled->expires;
  }
  return next;
}

std::vector<RuleError> RuleStore::Errors() const {
  std::vector<RuleError> errors;
  for (const RuleFileState& file : files_) {
    if (file.error) errors.push_back(*file.error);
  }
  return errors;
}

Status RuleStore::Watch() {
  watch_epoll_ = UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
  if (!watch_epoll_.IsOpen()) return SystemError(errno, "create epoll");
  watch_ = PROCWALL_TRY(DirectoryWatch::Create(directory_));
  epoll_event event{};
  event.events = EPOLLIN;
  if (::epoll_ctl(watch_epoll_.UnsafeFd(), EPOLL_CTL_ADD, watch_->UnsafeFd(), &event) != 0) {
    return SystemError(errno, "add to epoll");
  }
  references_.lists->FollowWith(watch_epoll_.UnsafeFd());
  return {};
}

bool RuleStore::Reload() {
  if (!watch_) return false;
  // Lists first: rules that are read after them see the newest.
  const bool lists_changed = references_.lists->Reload() && CompileAgainThoseThatAskLists();
  return ReloadRules() || lists_changed;
}

bool RuleStore::RetryLists() {
  references_.lists->DropUnused();
  return references_.lists->RetryFollowing() && CompileAgainThoseThatAskLists();
}

bool RuleStore::CompileAgainThoseThatAskLists() {
  bool any = false;
  for (auto& [name, known] : known_) {
    const CompiledRulePtr& before = known.compiled;
    if (before == nullptr || !before->condition || !before->condition->AsksLists()) continue;
    auto condition = CompileCondition(before->rule->op, references_);
    if (!condition) continue;  // a user or a group has gone: what was true when it was loaded holds
    known.compiled = std::make_shared<const CompiledRule>(
        CompiledRule{before->rule, *std::move(condition), before->expires});
    any = true;
  }
  if (any) Settle();
  return any;
}

bool RuleStore::ReloadRules() {
  const DirectoryChanges changes = watch_->Drain();
  if (changes.None()) return false;
  if (changes.anything || changes.directory_changed) {
    const auto before = in_force_;
    return Load() && !SameRules(before, in_force_);
  }
  const auto directory = OpenDirectory();
  if (!directory) {
    directory_error_ = directory.error();
    return false;
  }
  directory_error_.reset();
  for (const std::string& name : changes.files) {
    if (IsRuleFileName(name)) TakeOver(name, ReadFile(directory->UnsafeFd(), name));
  }
  return Settle();
}

Result<UniqueFd> RuleStore::OpenDirectory() const {
  UniqueFd directory = PROCWALL_TRY(OpenAt(AT_FDCWD, directory_.c_str(), O_RDONLY | O_DIRECTORY));
  struct stat status {};
  if (::fstat(directory.UnsafeFd(), &status) != 0) return SystemError(errno, "look at directory");
  if (WhyNotTrusted(status, reader_)) {
    return Error{Errc::kPermission, 0, "everybody can change it (chmod o-w)"};
  }
  return directory;
}

Status RuleStore::ReadDirectory() {
  const UniqueFd directory = PROCWALL_TRY(OpenDirectory());
  const std::set<std::string> names = PROCWALL_TRY(ListRuleFiles(directory));
  std::erase_if(known_, [&](const auto& known) { return !names.contains(known.first); });
  // Parsing and compiling take the time: on all processors.
  const std::vector<std::string> listed(names.begin(), names.end());
  std::vector<FileRead> read(listed.size());
  ParallelFor(listed.size(),
              [&](std::size_t i) { read[i] = ReadFile(directory.UnsafeFd(), listed[i]); });
  for (std::size_t i = 0; i < listed.size(); ++i) TakeOver(listed[i], std::move(read[i]));
  return {};
}

RuleStore::FileRead RuleStore::ReadFile(int directory_fd, const std::string& name) const {
  const auto text = ReadTrustedFile(directory_fd, name, kMaxRuleFileBytes, reader_);
  if (!text) return FileRefused{text.error()};
  if (!*text) return FileGone{};
  return CheckRuleFile(**text, PathOf(name), references_);
}

void RuleStore::TakeOver(const std::string& name, FileRead read) {
  if (std::holds_alternative<FileGone>(read)) {
    known_.erase(name);
  } else if (auto* const refused = std::get_if<FileRefused>(&read)) {
    Refuse(name, std::move(refused->reason));
  } else {
    Learn(name, std::get<tl::expected<CheckedRule, RuleError>>(std::move(read)));
  }
}

void RuleStore::Learn(const std::string& name, tl::expected<CheckedRule, RuleError> checked) {
  Known& known = known_[name];
  if (!checked) {
    known.error = std::move(checked.error());
    return;
  }
  known.error.reset();
  known.notes = std::move(checked->notes);
  // The same text again does not begin the rule's time anew, unless it was over.
  const bool is_known = known.compiled != nullptr && *known.compiled->rule == checked->rule;
  if (is_known && !HasEnded(*known.compiled)) {
    if (checked->condition && AsksAccounts(checked->rule.op)) {
      known.compiled = std::make_shared<const CompiledRule>(CompiledRule{
          known.compiled->rule, std::move(checked->condition), known.compiled->expires});
    }
    return;
  }
  const auto end =
      checked->condition ? Lifetime::Of(checked->rule.duration).EndOf(clock_.Now()) : std::nullopt;
  known.compiled = std::make_shared<const CompiledRule>(CompiledRule{
      std::make_shared<const Rule>(std::move(checked->rule)), std::move(checked->condition), end});
}

void RuleStore::Refuse(const std::string& name, std::string reason) {
  known_[name].error = RuleError{PathOf(name), 0, 0, std::move(reason)};
}

std::string RuleStore::PathOf(const std::string& name) const {
  return directory_.ends_with('/') ? directory_ + name : directory_ + "/" + name;
}

bool RuleStore::HasEnded(const CompiledRule& rule) const {
  return rule.expires && *rule.expires <= clock_.Now();
}

bool RuleStore::Settle() {
  const auto before = std::exchange(in_force_, {});
  std::map<std::string_view, std::string_view> last_file;  // by the name of the rule
  for (const auto& [file, known] : known_) {
    if (known.compiled != nullptr) last_file[known.compiled->rule->name] = file;
  }
  files_.clear();
  for (const auto& [file, known] : known_) {
    RuleFileState state{file, nullptr, false, known.error, known.notes};
    if (known.compiled != nullptr) {
      const auto& hider = last_file[known.compiled->rule->name];
      state.has_ended = HasEnded(*known.compiled);
      if (hider != file && !state.error) {
        state.error =
            RuleError{PathOf(file), 0, 0,
                      fmt::format("hidden by {}, which has a rule of the same name \"{}\"",
                                  Printable(hider), Printable(known.compiled->rule->name))};
      }
      if (hider == file && !state.has_ended) {
        state.rule = known.compiled->rule;
        in_force_.push_back(known.compiled);
      }
    }
    files_.push_back(std::move(state));
  }
  return !SameRules(before, in_force_);
}

}  // namespace procwall
