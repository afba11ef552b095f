// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_editor.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "rules/lifetime.h"
#include "rules/rule_expectations.h"
#include "rules/rule_folder.h"
#include "rules/rule_set.h"

namespace procwall {
namespace {

using Why = RuleRefusal::Kind;

tl::unexpected<RuleRefusal> Refuse(Why why, std::string what) {
  return tl::unexpected(RuleRefusal{why, std::move(what)});
}

tl::unexpected<RuleRefusal> NoSuchRule(const std::string& name) {
  return Refuse(Why::kNotFound, fmt::format("there is no rule \"{}\"", name));
}

// As opensnitchd and its GUI write it.
std::string RuleTime(WallTime now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

}  // namespace

RuleChange::Outcome RuleEditor::Make(const RuleChange& change) {
  Rule rule = change.rule;
  if (rule.name.empty()) return Refuse(Why::kInvalid, "the rule has no name");
  switch (change.kind) {
    case RuleChange::Kind::kAdd:
      rule.name = FreeName(rule.name);
      return Put(std::move(rule));
    case RuleChange::Kind::kPut:
      return Put(std::move(rule));
    case RuleChange::Kind::kPutNew:
      if (Find(rule.name) == nullptr) return Put(std::move(rule));
      return Refuse(Why::kExists, fmt::format("there is a rule \"{}\" already", rule.name));
    case RuleChange::Kind::kRemove:
      return Remove(rule.name);
    case RuleChange::Kind::kEnable:
      return Switch(rule.name, true);
    case RuleChange::Kind::kDisable:
      return Switch(rule.name, false);
  }
  return Refuse(Why::kInvalid, "an unknown change");
}

RuleChange::Outcome RuleEditor::Put(Rule rule) {
  rule.updated = RuleTime(clock_.WallNow());
  if (rule.created.empty()) {
    const auto before = Find(rule.name);
    rule.created = before && !before->created.empty() ? before->created : rule.updated;
  }
  const auto kind = Lifetime::Of(rule.duration).kind;
  if (kind == Lifetime::Kind::kOnce) {
    return Refuse(Why::kInvalid, "a rule that holds once cannot be kept");
  };
  if (rule.enabled) {
    if (const auto error = CheckRule(rule, nullptr, store_.KnownReferences())) {
      return Refuse(Why::kInvalid, error->reason);
    }
  }
  if (std::string why = WhyUnexpectedWith(rule); !why.empty()) {
    return Refuse(Why::kUnexpected, std::move(why));
  }
  return BelongsInFile(rule) ? Save(rule) : Remember(rule, "");
}

// What is to last; and what somebody has in a file, however long it says that it holds: to switch
// it or to edit something else about it must not take the file away.
bool RuleEditor::BelongsInFile(const Rule& rule) const {
  const auto kind = Lifetime::Of(rule.duration).kind;
  if (kind == Lifetime::Kind::kAlways || kind == Lifetime::Kind::kNotKnown) return true;
  const auto known = Find(rule.name);
  return known != nullptr && memory_.Find(rule.name) == nullptr && known->duration == rule.duration;
}

RuleChange::Outcome RuleEditor::Save(const Rule& rule) {
  const auto saved = SaveRule(store_.Directory(), rule);
  if (!saved) {
    // Whoever decided has decided: it holds as long as it can.
    return Remember(
        rule, fmt::format("until restart only, it cannot be saved: {}", saved.error().ToString()));
  }
  memory_.Remove(rule.name);
  Reread();
  return RuleChange::Done{std::make_shared<const Rule>(rule), ""};
}

RuleChange::Outcome RuleEditor::Remember(const Rule& rule, std::string note) {
  auto remembered = memory_.Put(rule, store_.KnownReferences());
  if (!remembered) return Refuse(Why::kInvalid, remembered.error());
  // As opensnitchd has it: what holds for a while takes the place of what held for ever.
  if (note.empty()) note = RemoveFile(rule.name);
  return RuleChange::Done{*std::move(remembered), std::move(note)};
}

RuleChange::Outcome RuleEditor::Remove(const std::string& name) {
  if (Find(name) == nullptr) return NoSuchRule(name);
  if (std::string why = WhyUnexpectedWithout(name); !why.empty()) {
    return Refuse(Why::kUnexpected, std::move(why));
  }
  memory_.Remove(name);
  if (std::string failed = RemoveFile(name); !failed.empty()) {
    return Refuse(Why::kFailed, std::move(failed));
  }
  return RuleChange::Done{};
}

RuleChange::Outcome RuleEditor::Switch(const std::string& name, bool enabled) {
  const auto found = Find(name);
  if (found == nullptr) return NoSuchRule(name);
  if (found->enabled == enabled) return RuleChange::Done{found, ""};
  Rule rule = *found;
  rule.enabled = enabled;
  return Put(std::move(rule));
}

bool RuleEditor::HasExpectations() const {
  std::error_code error;
  return std::filesystem::exists(std::filesystem::path(store_.Directory()) / kExpectationsFile,
                                 error);
}

std::vector<CompiledRulePtr> RuleEditor::AllRules() const {
  std::vector<CompiledRulePtr> rules = store_.CompiledRules();
  for (CompiledRulePtr& rule : memory_.Compiled()) rules.push_back(std::move(rule));
  return rules;
}

std::string RuleEditor::WhyUnexpectedWith(const Rule& changed) const {
  if (!HasExpectations()) return "";
  std::vector<CompiledRulePtr> rules = AllRules();
  auto compiled =
      CompileRule(std::make_shared<const Rule>(changed), store_.KnownReferences(), clock_.Now());
  if (!compiled) return compiled.error().reason;
  rules.push_back(std::make_shared<const CompiledRule>(*std::move(compiled)));  // the later wins
  return WhyUnexpected(std::move(rules));
}

std::string RuleEditor::WhyUnexpectedWithout(const std::string& name) const {
  if (!HasExpectations()) return "";
  std::vector<CompiledRulePtr> rules = AllRules();
  std::erase_if(rules, [&](const CompiledRulePtr& rule) { return rule->rule->name == name; });
  return WhyUnexpected(std::move(rules));
}

std::string RuleEditor::WhyUnexpected(std::vector<CompiledRulePtr> rules) const {
  const auto failed = FailedExpectations(store_.Directory(), RuleSet::Create(std::move(rules)));
  return failed.empty() ? "" : failed.front().reason;
}

// Why it could not be removed; empty: it is not there.
std::string RuleEditor::RemoveFile(const std::string& name) {
  bool is_there = false;
  for (const auto& rule : store_.Rules()) is_there = is_there || rule->name == name;
  if (!is_there) return "";
  const auto file = RuleFolder(store_.Directory()).FileOf(name);
  if (!file) return "";
  std::error_code error;
  std::filesystem::remove(std::filesystem::path(store_.Directory()) / *file, error);
  Reread();
  return error ? fmt::format("{} cannot be removed: {}", *file, error.message()) : "";
}

std::shared_ptr<const Rule> RuleEditor::Find(const std::string& name) const {
  if (auto rule = memory_.Find(name)) return rule;
  for (auto& rule : store_.Rules()) {
    if (rule->name == name) return rule;
  }
  return nullptr;
}

std::string RuleEditor::FreeName(const std::string& wanted) const {
  std::string name = wanted;
  for (int attempt = 2; Find(name) != nullptr; ++attempt) {
    name = fmt::format("{}-{}", wanted, attempt);
  }
  return name;
}

void RuleEditor::Reread() {
  // Without live reload nobody follows the directory, and all of it is read.
  if (store_.UnsafeWatchFd() >= 0) {
    store_.Reload();
  } else {
    (void)store_.Load();  // NOLINT(bugprone-unused-return-value): on failure all stays as it was
  }
}

}  // namespace procwall
