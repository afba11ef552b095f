// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "rules/pattern.h"
#include "rules/rule.h"

namespace procwall {

// The conditions that must all hold, lists in lists taken apart.
std::vector<const Operator*> Conjuncts(const Operator& op);

// The regexps and globs of conditions, each compiled once: for those who compare many rules. Thread
// rule: one thread only.
class ConditionPatterns {
 public:
  // null: it does not compile. REQUIRES: the type of the condition is regexp or glob.
  const Pattern* Find(const Operator& op);

 private:
  using Key = std::tuple<std::string, std::string, bool>;  // type, data, sensitive
  std::map<Key, std::optional<Pattern>, std::less<>> patterns_;
};

// Does every packet that matches `narrow` match `wide` too? Finds out what can be read off the
// conditions: the same ones, more of them, a network in a network, a path below a directory. False
// when it is not sure.
bool Covers(const Operator& wide, const Operator& narrow, ConditionPatterns& patterns);
bool Covers(const Operator& wide, const Operator& narrow);

// Can no packet match it, because two of its conditions exclude each other? False when not sure.
bool ContradictsItself(const Operator& op);

}  // namespace procwall
