// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_explanation.h"

#include <algorithm>
#include <utility>

#include "rules/condition_compiler.h"
#include "rules/facts.h"
#include "rules/lifetime.h"

namespace procwall {
namespace {

bool Matches(const Rule& rule, const Facts& facts, const References& references) {
  if (Lifetime::Of(rule.duration).kind == Lifetime::Kind::kOnce) return false;
  const CompiledCondition condition = CompileCondition(rule.op, references);
  return condition && condition->Matches(facts);
}

bool CanDecide(const MatchingRule& matching) {
  return matching.rule->enabled && matching.rule->enforce;
}

// The place of the rule that decides; matching.size() if none does.
std::size_t FindDecider(const std::vector<MatchingRule>& matching) {
  std::size_t decider = matching.size();
  for (std::size_t i = 0; i < matching.size(); ++i) {
    if (!CanDecide(matching[i])) continue;
    decider = i;
    if (EndsTheSearch(*matching[i].rule)) break;
  }
  return decider;
}

}  // namespace

const char* MatchRoleText(MatchRole role) {
  switch (role) {
    case MatchRole::kDecides:
      return "decides";
    case MatchRole::kNotReached:
      return "matches too, but the search has ended before it is reached";
    case MatchRole::kOverruled:
      return "allows, but a later rule that denies or has precedence overrules it";
    case MatchRole::kSuperseded:
      return "allows, and so does a later rule: the last one counts";
    case MatchRole::kNotEnforced:
      return "matches, but is not enforced: it is only told";
    case MatchRole::kDisabled:
      return "would match, but is disabled";
  }
  return "";
}

std::vector<MatchingRule> ExplainDecision(std::vector<std::shared_ptr<const Rule>> rules,
                                          const Subject& subject, const References& references) {
  std::sort(rules.begin(), rules.end(),
            [](const auto& a, const auto& b) { return a->name < b->name; });
  const Facts facts(subject);
  std::vector<MatchingRule> matching;
  for (auto& rule : rules) {
    if (Matches(*rule, facts, references)) matching.push_back({std::move(rule), {}});
  }
  const std::size_t decider = FindDecider(matching);
  for (std::size_t i = 0; i < matching.size(); ++i) {
    MatchingRule& match = matching[i];
    match.role = !match.rule->enabled                     ? MatchRole::kDisabled
                 : !match.rule->enforce                   ? MatchRole::kNotEnforced
                 : i == decider                           ? MatchRole::kDecides
                 : i > decider                            ? MatchRole::kNotReached
                 : EndsTheSearch(*matching[decider].rule) ? MatchRole::kOverruled
                                                          : MatchRole::kSuperseded;
  }
  return matching;
}

}  // namespace procwall
