// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.h"
#include "rules/compiled_rule.h"
#include "rules/references.h"
#include "rules/rule.h"

namespace procwall {

// Rules that live no longer than the daemon: those of answers that hold for a while. Thread rule:
// one thread only. The clock must outlive it.
class MemoryRules {
 public:
  static constexpr std::size_t kMaxRules = 16384;

  explicit MemoryRules(const Clock& clock) : clock_(clock) {}

  // Takes the place of the rule of that name; its time begins now. The error is for people.
  tl::expected<std::shared_ptr<const Rule>, std::string> Put(Rule rule,
                                                             const References& references = {});
  bool Remove(const std::string& name);  // false: there is none
  // When lists are others than they were; true: some rule asks them.
  bool CompileThoseThatAskLists(const References& references);
  // True: there were some.
  bool DropEnded();

  std::shared_ptr<const Rule> Find(const std::string& name) const;  // null: none
  std::vector<CompiledRulePtr> Compiled() const;                    // in the order of their names

 private:
  const Clock& clock_;
  std::map<std::string, CompiledRulePtr> rules_;
};

}  // namespace procwall
