// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_hits.h"

namespace procwall {

void RuleHits::Count(const std::string& name, WallTime now) {
  const auto table = table_.Lock();
  auto& list = table->by_last_use;
  if (const auto found = table->places.find(name); found != table->places.end()) {
    list.splice(list.begin(), list, found->second);
  } else {
    if (table->places.size() >= kMostNames) {
      table->places.erase(list.back().name);
      list.pop_back();
    }
    list.push_front({.name = name});
    table->places.emplace(list.front().name, list.begin());
  }
  ++list.front().use.hits;
  list.front().use.last = now;
}

std::optional<RuleHits::Use> RuleHits::Find(const std::string& name) const {
  const auto table = table_.Lock();
  const auto found = table->places.find(name);
  return found == table->places.end() ? std::nullopt : std::optional(found->second->use);
}

}  // namespace procwall
