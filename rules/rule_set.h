// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/decision.h"
#include "rules/operand.h"
#include "rules/rule.h"
#include "rules/rule_error.h"
#include "rules/subject.h"

namespace procwall {

// An immutable, compiled set of rules.
// Thread rule: const methods from any thread.
class RuleSet {
 public:
  RuleSet();  // no rules
  ~RuleSet();
  RuleSet(RuleSet&&) noexcept;
  RuleSet& operator=(RuleSet&&) noexcept;

  // Compiles the enabled rules; the later of two with one name wins. Rules that cannot be compiled
  // are left out and named in `errors` (which may be null).
  static RuleSet Compile(std::vector<std::shared_ptr<const Rule>> rules,
                         std::vector<RuleError>* errors);

  // Enabled rules in bytewise order of their names: the first deny, reject or precedence decides at
  // once, else the last allow. No match: an undecided Decision.
  Decision Decide(const Subject& subject) const;

  // The same by trying one rule after the other: what Decide() means, and what it is tested
  // against.
  Decision DecideByScan(const Subject& subject) const;

  FactsNeeded Needs() const;
  std::size_t Size() const;  // enabled, compiled rules

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

// Does this rule compile, enabled or not? nullopt: yes. `notes` (may be null) gets what its author
// should know although it compiles: a condition that can never match, a duration that is not kept.
std::optional<RuleError> CheckRule(const Rule& rule, std::vector<std::string>* notes = nullptr);

}  // namespace procwall
