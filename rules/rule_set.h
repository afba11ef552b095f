// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/decision.h"
#include "rules/rule.h"
#include "rules/subject.h"

namespace procwall {

// Why a rule cannot be used: for the person who wrote it.
struct RuleError {
  std::string file;  // empty when the rule came from no file
  int line = 0;      // 1-based; 0: not known
  int column = 0;
  std::string reason;

  // "/etc/procwall/rules/a.json:3:17: reason"
  std::string ToString() const;
  friend bool operator==(const RuleError&, const RuleError&) = default;
};

// What a rule set needs to know about a process before it can judge: asking for less is faster.
struct FactsNeeded {
  bool process = false;  // any process.* operand
  bool args = false;     // process.command
  bool host = false;     // dest.host
};

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

  FactsNeeded Needs() const;
  std::size_t Size() const;  // enabled, compiled rules

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

// Does this rule compile? nullopt: yes.
std::optional<RuleError> CheckRule(const Rule& rule);

}  // namespace procwall
