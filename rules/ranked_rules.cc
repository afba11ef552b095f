// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/ranked_rules.h"

#include <algorithm>

namespace procwall {
namespace {

ConditionIndex IndexOf(const std::vector<CompiledRulePtr>& rules) {
  std::vector<const Condition*> conditions(rules.size());
  std::transform(rules.begin(), rules.end(), conditions.begin(),
                 [](const CompiledRulePtr& rule) { return &*rule->condition; });
  return ConditionIndex(conditions);
}

}  // namespace

bool Matches(const CompiledRule& rule, const Facts& facts) {
  return !(rule.expires && *rule.expires <= facts.BootNow()) && rule.condition->Matches(facts);
}

RankedRules::RankedRules(std::vector<CompiledRulePtr> rules)
    : rules_(std::move(rules)), index_(IndexOf(rules_)) {}

const CompiledRulePtr* RankedRules::FindFirst(const Facts& facts,
                                              const CompiledRulePtr* after) const {
  if (rules_.empty()) return nullptr;
  const auto begin = after == nullptr ? 0 : after - rules_.data() + 1;
  const auto found = index_.FindFirst(facts, [&](ConditionIndex::Position position) {
    return position >= begin && Matches(*rules_[position], facts);
  });
  return found == ConditionIndex::kNone ? nullptr : &rules_[found];
}

}  // namespace procwall
