// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_set.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "rules/condition_compiler.h"
#include "rules/facts.h"
#include "rules/lifetime.h"
#include "rules/ranked_rules.h"

namespace procwall {
namespace {

RuleError ErrorOf(const Rule& rule, std::string_view where, std::string_view reason) {
  return {{}, 0, 0, fmt::format("rule \"{}\": {}: {}", Printable(rule.name), where, reason)};
}

// Sorted by name; of several with one name, the last.
void SortByName(std::vector<CompiledRulePtr>& rules) {
  std::stable_sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) {
    return a->rule->name < b->rule->name;  // std::string compares bytes
  });
  const auto last = std::unique(rules.rbegin(), rules.rend(), [](const auto& a, const auto& b) {
    return a->rule->name == b->rule->name;
  });
  rules.erase(rules.begin(), last.base());
}

using Shadows = std::vector<std::shared_ptr<const Rule>>;

// The first of those rules that match and would have decided.
template <typename WouldDecide>
Shadows FindShadows(const RankedRules& rules, const Facts& facts, const WouldDecide& would_decide) {
  Shadows shadows;
  const CompiledRulePtr* rule = rules.FindFirst(facts);
  while (rule != nullptr && would_decide(*(*rule)->rule) && shadows.size() < kMaxShadows) {
    shadows.push_back((*rule)->rule);
    rule = rules.FindFirst(facts, rule);
  }
  return shadows;
}

}  // namespace

struct RuleSet::Compiled {
  RankedRules ending;         // in the order of their names
  RankedRules allows;         // in the reverse order: the last one counts
  RankedRules shadow_ending;  // the same of rules that are not enforced
  RankedRules shadow_allows;
  FactsNeeded needs{};
  std::size_t size = 0;
  std::optional<BootTime> next_expiry{};
};

RuleSet::RuleSet() : compiled_(std::make_unique<Compiled>()) {}
RuleSet::~RuleSet() = default;
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;

RuleSet RuleSet::Create(std::vector<CompiledRulePtr> rules) {
  SortByName(rules);
  auto compiled = std::make_unique<Compiled>();
  std::array<std::vector<CompiledRulePtr>, 4> parts;
  for (CompiledRulePtr& rule : rules) {
    if (!rule->condition) continue;
    compiled->needs |= rule->condition->Needs();
    ++compiled->size;
    if (rule->expires && (!compiled->next_expiry || *rule->expires < *compiled->next_expiry)) {
      compiled->next_expiry = rule->expires;
    }
    const std::size_t part = (EndsTheSearch(*rule->rule) ? 0 : 1) + (rule->rule->enforce ? 0 : 2);
    parts[part].push_back(std::move(rule));
  }
  std::reverse(parts[1].begin(), parts[1].end());
  std::reverse(parts[3].begin(), parts[3].end());
  compiled->ending = RankedRules(std::move(parts[0]));
  compiled->allows = RankedRules(std::move(parts[1]));
  compiled->shadow_ending = RankedRules(std::move(parts[2]));
  compiled->shadow_allows = RankedRules(std::move(parts[3]));
  RuleSet set;
  set.compiled_ = std::move(compiled);
  return set;
}

RuleSet RuleSet::Compile(std::vector<std::shared_ptr<const Rule>> rules,
                         std::vector<RuleError>* errors, const References& references,
                         BootTime now) {
  std::vector<CompiledRulePtr> compiled;
  compiled.reserve(rules.size());
  for (auto& rule : rules) {
    auto ready = CompileRule(std::move(rule), references, now);
    if (ready) {
      compiled.push_back(std::make_shared<const CompiledRule>(*std::move(ready)));
    } else if (errors != nullptr) {
      errors->push_back(std::move(ready.error()));
    }
  }
  return Create(std::move(compiled));
}

Decision RuleSet::Decide(const Subject& subject) const {
  const Facts facts(subject);
  Decision decision;
  const CompiledRulePtr* rule = compiled_->ending.FindFirst(facts);
  const bool search_ended = rule != nullptr;
  if (rule == nullptr) rule = compiled_->allows.FindFirst(facts);
  if (rule != nullptr) decision.rule = (*rule)->rule;

  decision.shadows = FindShadows(compiled_->shadow_ending, facts, [&](const Rule& shadow) {
    return !search_ended || shadow.name < decision.rule->name;
  });
  if (search_ended) return decision;
  const Shadows allows = FindShadows(compiled_->shadow_allows, facts, [&](const Rule& shadow) {
    return !decision.IsDecided() || shadow.name > decision.rule->name;
  });
  decision.shadows.insert(decision.shadows.end(), allows.rbegin(), allows.rend());
  return decision;
}

std::vector<std::shared_ptr<const Rule>> RuleSet::Matching(const Subject& subject) const {
  const Facts facts(subject);
  std::vector<std::shared_ptr<const Rule>> matching;
  for (const RankedRules* rules : {&compiled_->ending, &compiled_->allows,
                                   &compiled_->shadow_ending, &compiled_->shadow_allows}) {
    const CompiledRulePtr* rule = rules->FindFirst(facts);
    for (; rule != nullptr; rule = rules->FindFirst(facts, rule)) matching.push_back((*rule)->rule);
  }
  std::ranges::sort(
      matching, {}, [](const auto& rule) -> const auto& { return rule->name; });
  return matching;
}

std::vector<CompiledRulePtr> RuleSet::Rules() const {
  std::vector<CompiledRulePtr> all;
  for (const RankedRules* rules : {&compiled_->ending, &compiled_->allows,
                                   &compiled_->shadow_ending, &compiled_->shadow_allows}) {
    all.insert(all.end(), rules->All().begin(), rules->All().end());
  }
  return all;
}

const FactsNeeded& RuleSet::Needs() const { return compiled_->needs; }

std::size_t RuleSet::Size() const { return compiled_->size; }

std::optional<BootTime> RuleSet::NextExpiry() const { return compiled_->next_expiry; }

tl::expected<CompiledRule, RuleError> CompileRule(std::shared_ptr<const Rule> rule,
                                                  const References& references, BootTime now) {
  if (!rule->enabled) return CompiledRule{std::move(rule), std::nullopt, std::nullopt};
  const Lifetime lifetime = Lifetime::Of(rule->duration);
  if (lifetime.kind == Lifetime::Kind::kOnce) {
    return tl::unexpected(ErrorOf(*rule, "duration", "it holds once"));
  }
  auto condition = CompileCondition(rule->op, references);
  if (!condition) {
    return tl::unexpected(ErrorOf(*rule, condition.error().Where(), condition.error().reason));
  }
  return CompiledRule{std::move(rule), *std::move(condition), lifetime.EndOf(now)};
}

std::optional<RuleError> CheckRule(const Rule& rule, std::vector<std::string>* notes,
                                   const References& references) {
  const auto compiled = CompileCondition(rule.op, references, notes);
  if (compiled) return std::nullopt;
  return ErrorOf(rule, compiled.error().Where(), compiled.error().reason);
}

}  // namespace procwall
