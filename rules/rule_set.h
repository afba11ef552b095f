// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/compiled_rule.h"
#include "rules/decision.h"
#include "rules/facts_needed.h"
#include "rules/references.h"
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

  // Of two rules with one name, the later wins.
  static RuleSet Create(std::vector<CompiledRulePtr> rules);
  // Compiles them first; rules that cannot be compiled are left out and named in `errors` (which
  // may be null).
  static RuleSet Compile(std::vector<std::shared_ptr<const Rule>> rules,
                         std::vector<RuleError>* errors, const References& references = {},
                         BootTime now = {});

  // Enabled rules in bytewise order of their names: the first deny, reject or precedence decides at
  // once, else the last allow. No match: an undecided Decision. Rules that have ended are passed
  // over; those that are not enforced are only told. Asks an index: what a decision costs does not
  // depend on the number of rules.
  Decision Decide(const Subject& subject) const;

  // Every rule that matches, those that are not enforced included, in the order they are tried. For
  // people, not for packets.
  std::vector<std::shared_ptr<const Rule>> Matching(const Subject& subject) const;

  // Those that are enabled, to make another set of.
  std::vector<CompiledRulePtr> Rules() const;
  const FactsNeeded& Needs() const;
  std::size_t Size() const;  // enabled, compiled rules
  // When the next of its rules ends; nullopt: none does.
  std::optional<BootTime> NextExpiry() const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

// Makes a rule ready that is loaded now; a disabled one is not compiled, and one that holds once
// cannot be. CheckRuleFile does the same for files, with better errors.
tl::expected<CompiledRule, RuleError> CompileRule(std::shared_ptr<const Rule> rule,
                                                  const References& references = {},
                                                  BootTime now = {});

// Does this rule compile, enabled or not? nullopt: yes. `notes` (may be null) gets what its author
// should know although it compiles: a condition that can never match, a duration that is not kept.
std::optional<RuleError> CheckRule(const Rule& rule, std::vector<std::string>* notes = nullptr,
                                   const References& references = {});

}  // namespace procwall
