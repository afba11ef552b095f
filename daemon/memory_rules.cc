// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/memory_rules.h"

#include <utility>

#include "rules/condition_compiler.h"
#include "rules/rule_set.h"

namespace procwall {

tl::expected<std::shared_ptr<const Rule>, std::string> MemoryRules::Put(
    Rule rule, const References& references) {
  if (rules_.size() >= kMaxRules && !rules_.contains(rule.name)) {
    return tl::unexpected<std::string>("too many rules are kept in memory");
  }
  auto shared = std::make_shared<const Rule>(std::move(rule));
  auto compiled = CompileRule(shared, references, clock_.Now());
  if (!compiled) return tl::unexpected(compiled.error().reason);
  rules_[shared->name] = std::make_shared<const CompiledRule>(*std::move(compiled));
  return shared;
}

bool MemoryRules::Remove(const std::string& name) { return rules_.erase(name) > 0; }

bool MemoryRules::CompileThoseThatAskLists(const References& references) {
  bool any = false;
  for (auto& [name, compiled] : rules_) {
    if (!compiled->condition || !compiled->condition->AsksLists()) continue;
    auto condition = CompileCondition(compiled->rule->op, references);
    if (!condition) continue;  // a user or a group has gone: what was true when it was made holds
    compiled = std::make_shared<const CompiledRule>(
        CompiledRule{compiled->rule, *std::move(condition), compiled->expires});
    any = true;
  }
  return any;
}

bool MemoryRules::DropEnded() {
  const BootTime now = clock_.Now();
  return std::erase_if(rules_, [now](const auto& rule) {
           return rule.second->expires && *rule.second->expires <= now;
         }) > 0;
}

std::shared_ptr<const Rule> MemoryRules::Find(const std::string& name) const {
  const auto found = rules_.find(name);
  return found == rules_.end() ? nullptr : found->second->rule;
}

std::vector<CompiledRulePtr> MemoryRules::Compiled() const {
  std::vector<CompiledRulePtr> compiled;
  for (const auto& [name, rule] : rules_) compiled.push_back(rule);
  return compiled;
}

}  // namespace procwall
