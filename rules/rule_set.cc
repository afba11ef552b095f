// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_set.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "rules/condition.h"
#include "rules/condition_compiler.h"
#include "rules/facts.h"

namespace procwall {
namespace {

// A rule and its condition; no condition: the rule is disabled.
struct Entry {
  std::optional<Condition> condition;
  std::shared_ptr<const Rule> rule;

  bool EndsTheSearch() const { return rule->precedence || rule->action != RuleAction::kAllow; }
};

RuleError ErrorOf(const Rule& rule, const ConditionError& error) {
  return {{},
          0,
          0,
          fmt::format("rule \"{}\": {}: {}", Printable(rule.name), error.Where(), error.reason)};
}

// Sorted by name; of several with one name, the last. Rules that do not compile are not there at
// all, so they hide nobody.
std::vector<Entry> CompileEntries(std::vector<std::shared_ptr<const Rule>> rules,
                                  std::vector<RuleError>* errors) {
  std::vector<Entry> entries;
  entries.reserve(rules.size());
  for (auto& rule : rules) {
    std::optional<Condition> condition;
    if (rule->enabled) {
      auto compiled = CompileCondition(rule->op);
      if (!compiled) {
        if (errors != nullptr) errors->push_back(ErrorOf(*rule, compiled.error()));
        continue;
      }
      condition = *std::move(compiled);
    }
    entries.push_back({std::move(condition), std::move(rule)});
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.rule->name < b.rule->name;  // std::string compares bytes
  });
  const auto last =
      std::unique(entries.rbegin(), entries.rend(),
                  [](const Entry& a, const Entry& b) { return a.rule->name == b.rule->name; });
  entries.erase(entries.begin(), last.base());
  return entries;
}

}  // namespace

struct RuleSet::Compiled {
  std::vector<Entry> entries;  // in the order they are tried
  FactsNeeded needs;
};

RuleSet::RuleSet() : compiled_(std::make_unique<Compiled>()) {}
RuleSet::~RuleSet() = default;
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;

RuleSet RuleSet::Compile(std::vector<std::shared_ptr<const Rule>> rules,
                         std::vector<RuleError>* errors) {
  auto compiled = std::make_unique<Compiled>();
  compiled->entries = CompileEntries(std::move(rules), errors);
  std::erase_if(compiled->entries, [](const Entry& entry) { return !entry.condition; });
  for (const Entry& entry : compiled->entries) {
    compiled->needs = compiled->needs | entry.condition->Needs();
  }
  RuleSet set;
  set.compiled_ = std::move(compiled);
  return set;
}

Decision RuleSet::Decide(const Subject& subject) const { return DecideByScan(subject); }

Decision RuleSet::DecideByScan(const Subject& subject) const {
  const Facts facts(subject);
  const Entry* last_allow = nullptr;
  for (const Entry& entry : compiled_->entries) {
    if (!entry.condition->Matches(facts)) continue;
    if (entry.EndsTheSearch()) return {entry.rule};
    last_allow = &entry;
  }
  return last_allow == nullptr ? Decision{} : Decision{last_allow->rule};
}

FactsNeeded RuleSet::Needs() const { return compiled_->needs; }

std::size_t RuleSet::Size() const { return compiled_->entries.size(); }

std::optional<RuleError> CheckRule(const Rule& rule, std::vector<std::string>* notes) {
  const auto compiled = CompileCondition(rule.op, notes);
  if (!compiled) return ErrorOf(rule, compiled.error());
  return std::nullopt;
}

}  // namespace procwall
