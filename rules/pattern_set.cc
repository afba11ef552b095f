// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/pattern_set.h"

#include <algorithm>
#include <utility>

namespace procwall {
namespace {

std::vector<Condition> ConditionsOf(std::vector<Pattern> patterns) {
  std::vector<Condition> conditions;
  conditions.reserve(patterns.size());
  for (Pattern& pattern : patterns) {
    conditions.emplace_back(
        Condition::OnText{TextFact::kHost, TextCondition::Like(std::move(pattern))});
  }
  return conditions;
}

ConditionIndex IndexOf(const std::vector<Condition>& conditions) {
  std::vector<const Condition*> pointers(conditions.size());
  std::transform(conditions.begin(), conditions.end(), pointers.begin(),
                 [](const Condition& condition) { return &condition; });
  return ConditionIndex(pointers);
}

}  // namespace

PatternSet::PatternSet(std::vector<Pattern> patterns)
    : conditions_(ConditionsOf(std::move(patterns))), index_(IndexOf(conditions_)) {}

bool PatternSet::HasHost(const Facts& facts) const {
  const Text* const host = facts.Find(TextFact::kHost);
  if (host == nullptr || host->View().empty()) return false;
  const auto found = index_.FindFirst(facts, [&](ConditionIndex::Position position) {
    return conditions_[position].Matches(facts);
  });
  return found != ConditionIndex::kNone;
}

}  // namespace procwall
