// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "rules/compiled_rule.h"
#include "rules/condition_index.h"
#include "rules/facts.h"

namespace procwall {

// Rules of which the first one that matches counts, and the index that finds it. Immutable. Thread
// rule: const methods from any thread.
class RankedRules {
 public:
  RankedRules() = default;
  // REQUIRES: all of them are enabled.
  explicit RankedRules(std::vector<CompiledRulePtr> rules);

  // The first rule that matches and has not ended; of those behind `after`, if it is not null,
  // which is one of these rules. Null: there is none.
  const CompiledRulePtr* FindFirst(const Facts& facts,
                                   const CompiledRulePtr* after = nullptr) const;

  const std::vector<CompiledRulePtr>& All() const { return rules_; }

 private:
  std::vector<CompiledRulePtr> rules_;
  ConditionIndex index_;
};

// The rule matches: it has not ended, and its condition holds. REQUIRES: it is enabled.
bool Matches(const CompiledRule& rule, const Facts& facts);

}  // namespace procwall
