// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "rules/compiled_rule.h"
#include "rules/decision.h"
#include "rules/facts.h"

namespace procwall {

// Every rule that matches, in the order of their names; of those with one name only the last is a
// rule: the oracle of RuleSet::Matching().
inline std::vector<std::shared_ptr<const Rule>> MatchingByScan(std::vector<CompiledRulePtr> rules,
                                                               const Subject& subject) {
  std::stable_sort(rules.begin(), rules.end(),
                   [](const auto& a, const auto& b) { return a->rule->name < b->rule->name; });
  std::vector<std::shared_ptr<const Rule>> matching;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto& [rule, condition, expires] = *rules[i];
    if (i + 1 < rules.size() && rules[i + 1]->rule->name == rule->name) continue;
    if (!condition || (expires && *expires <= subject.boot_now)) continue;
    if (condition->Matches(Facts(subject))) matching.push_back(rule);
  }
  return matching;
}

// What a decision is, said by going through what matches one by one: the oracle of
// RuleSet::Decide().
inline Decision DecideAmong(const std::vector<std::shared_ptr<const Rule>>& matching) {
  Decision decision;
  std::vector<std::shared_ptr<const Rule>> allow_shadows;
  for (const auto& rule : matching) {
    const bool ends = rule->precedence || rule->action != RuleAction::kAllow;
    if (!rule->enforce) {
      if (!ends) allow_shadows.push_back(rule);
      if (ends && decision.shadows.size() < kMaxShadows) decision.shadows.push_back(rule);
      continue;
    }
    decision.rule = rule;
    allow_shadows.clear();
    if (ends) return decision;
  }
  const auto few = std::min(allow_shadows.size(), kMaxShadows);
  decision.shadows.insert(decision.shadows.end(), allow_shadows.end() - static_cast<long>(few),
                          allow_shadows.end());
  return decision;
}

inline Decision DecideByScan(std::vector<CompiledRulePtr> rules, const Subject& subject) {
  return DecideAmong(MatchingByScan(std::move(rules), subject));
}

}  // namespace procwall
