// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/system_rules.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/printable.h"
#include "rules/trusted_file.h"

namespace procwall {
namespace {

constexpr std::size_t kMostRuleNotes = 16;

}  // namespace

SystemRules::SystemRules(std::string path, FirewallNotes& notes)
    : path_(std::move(path)), notes_(notes) {
  if (path_.empty()) return;
  const std::size_t slash = path_.rfind('/');
  name_ = path_.substr(slash + 1);  // npos + 1 is 0
  directory_ = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
  if (directory_.size() > 1 && directory_.ends_with('/')) directory_.pop_back();
  auto watch = DirectoryWatch::Create(directory_);
  if (watch) watch_.emplace(*std::move(watch));
}

bool SystemRules::Load() {
  if (path_.empty()) return false;
  const auto text = ReadTrustedFile(AT_FDCWD, path_, kMaxSystemFirewallBytes, ::geteuid());
  if (!text) {
    Refuse(fmt::format("{}: {}", path_, text.error()));
    return false;
  }
  std::shared_ptr<const SystemFirewall> read;
  if (*text) {
    auto parsed = ParseSystemFirewall(**text, path_);
    if (!parsed) {
      Refuse(parsed.error().ToString());
      return false;
    }
    read = std::make_shared<const SystemFirewall>(*std::move(parsed));
  }
  const bool is_same = read == current_ || (read && current_ && *read == *current_);
  current_ = std::move(read);
  if (!is_same && !current_) Note({});
  return !is_same;
}

bool SystemRules::OnChange() {
  if (!watch_) return false;
  const DirectoryChanges changes = watch_->Drain();
  const bool is_it = changes.anything || changes.directory_changed || changes.files.contains(name_);
  return is_it && Load();
}

void SystemRules::Refuse(const std::string& why) {
  const std::string text = Printable(why);
  spdlog::warn("event=system_rules_refused, keeping what was in force: {}", text);
  Note({"the system rules are as they were before: " + text});
}

void SystemRules::TellInstalled(const std::vector<RuleError>& refused, const std::string& failure) {
  if (!current_) return;
  std::vector<std::string> notes;
  if (!failure.empty()) {
    notes.push_back(Printable(fmt::format("{}: cannot be installed: {}", path_, failure)));
  }
  const auto add = [&](RuleError error) {
    error.file = path_;
    if (notes.size() < kMostRuleNotes) {
      notes.push_back(Printable("system rule not in force: " + error.ToString()));
    }
  };
  for (const RuleError& error : current_->refused) add(error);
  for (const RuleError& error : refused) add(error);
  for (const std::string& note : notes) spdlog::warn("event=system_rule_refused {}", note);
  spdlog::info("event=system_rules file=\"{}\" chains={} refused={}", Printable(path_),
               current_->chains.size(), current_->refused.size() + refused.size());
  Note(std::move(notes));
}

void SystemRules::Note(std::vector<std::string> notes) {
  notes_.Set("system rules", std::move(notes));
}

}  // namespace procwall
