// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "rules/compiled_rule.h"
#include "rules/decision.h"
#include "rules/facts.h"

namespace procwall {

// What a decision is, said by trying one rule after the other: the oracle of RuleSet::Decide().
inline Decision DecideByScan(std::vector<CompiledRulePtr> rules, const Subject& subject) {
  std::stable_sort(rules.begin(), rules.end(),
                   [](const auto& a, const auto& b) { return a->rule->name < b->rule->name; });
  Decision decision;
  std::vector<std::shared_ptr<const Rule>> allow_shadows;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto& [rule, condition, expires] = *rules[i];
    if (i + 1 < rules.size() && rules[i + 1]->rule->name == rule->name) continue;
    if (!condition || (expires && *expires <= subject.boot_now)) continue;
    if (!condition->Matches(Facts(subject))) continue;
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

}  // namespace procwall
