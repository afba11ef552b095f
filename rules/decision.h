// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "rules/rule.h"

namespace procwall {

// What the rules say about one subject. No rule: nobody has decided yet, the default action (or a
// person) will.
struct Decision {
  std::shared_ptr<const Rule> rule{};  // null: no rule matched

  // Rules that are not enforced: each would have decided if it were and no other of them. First
  // those that end the search, in the order of their names, then plain allows likewise; at most
  // kMaxShadows of each, those that come nearest to deciding.
  std::vector<std::shared_ptr<const Rule>> shadows{};

  bool IsDecided() const { return rule != nullptr; }
  bool IsAllowed() const { return IsDecided() && rule->action == RuleAction::kAllow; }

  friend bool operator==(const Decision&, const Decision&) = default;
};
inline constexpr std::size_t kMaxShadows = 8;

// The decision for a packet that any of several programs may have sent, one Decision each: deny or
// reject if one of them is denied, undecided if one of them is undecided, allow only if all are
// allowed. Among equals the first one. Nothing at all is undecided.
Decision Strictest(std::span<const Decision> decisions);

}  // namespace procwall
