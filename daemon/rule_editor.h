// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "daemon/memory_rules.h"
#include "daemon/rule_changes.h"
#include "rules/rule_store.h"

namespace procwall {

// Makes the changes of rules that somebody wants while the daemon runs: in the files of the rule
// directory if they are to last, else in memory. Nothing is changed that would break what the
// directory expects of its rules (rules.test). Whoever owns the two puts them in force. Thread
// rule: the main thread only. The references must outlive it.
class RuleEditor {
 public:
  RuleEditor(RuleStore& store, MemoryRules& memory, const Clock& clock)
      : store_(store), memory_(memory), clock_(clock) {}

  RuleChange::Outcome Make(const RuleChange& change);

 private:
  RuleChange::Outcome Put(Rule rule);
  bool BelongsInFile(const Rule& rule) const;
  RuleChange::Outcome Save(const Rule& rule);
  RuleChange::Outcome Remember(const Rule& rule, std::string note);
  RuleChange::Outcome Remove(const std::string& name);
  RuleChange::Outcome Switch(const std::string& name, bool enabled);
  // Why the rules would be unexpected with `changed` in the place of that of its name, or with none
  // of that name; empty: they would not.
  std::string WhyUnexpectedWith(const Rule& changed) const;
  std::string WhyUnexpectedWithout(const std::string& name) const;
  std::string WhyUnexpected(std::vector<CompiledRulePtr> rules) const;
  bool HasExpectations() const;
  std::vector<CompiledRulePtr> AllRules() const;
  std::string RemoveFile(const std::string& name);
  std::shared_ptr<const Rule> Find(const std::string& name) const;
  std::string FreeName(const std::string& wanted) const;
  void Reread();

  RuleStore& store_;
  MemoryRules& memory_;
  const Clock& clock_;
};

}  // namespace procwall
