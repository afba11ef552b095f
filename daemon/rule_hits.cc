// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_hits.h"

namespace procwall {

void RuleHits::Count(const std::string& name, WallTime now) {
  const auto uses = uses_.Lock();
  auto found = uses->find(name);
  if (found == uses->end()) {
    if (uses->size() >= kMostNames) return;
    found = uses->emplace(name, Use{}).first;
  }
  ++found->second.hits;
  found->second.last = now;
}

std::optional<RuleHits::Use> RuleHits::Find(const std::string& name) const {
  const auto uses = uses_.Lock();
  const auto found = uses->find(name);
  return found == uses->end() ? std::nullopt : std::optional(found->second);
}

}  // namespace procwall
