// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_hits.h"

#include <chrono>

namespace procwall {

void RuleHits::Count(const std::shared_ptr<const Rule>& rule, WallTime now) {
  auto found = met_.find(rule.get());
  if (found == met_.end()) {
    // Versions that are not in force any more are let go of now and then.
    if (met_.size() >= kMostNames) met_.clear();
    found = met_.emplace(rule.get(), Met{rule, Register(rule->name)}).first;
  }
  Counted* const counted = found->second.counted.get();
  if (counted == nullptr) return;
  counted->hits.fetch_add(1, std::memory_order_relaxed);
  counted->last.store(now.time_since_epoch().count(), std::memory_order_relaxed);
}

std::optional<RuleHits::Use> RuleHits::Find(const std::string& name) const {
  const auto by_name = by_name_.Lock();
  const auto found = by_name->find(name);
  if (found == by_name->end()) return std::nullopt;
  return Use{
      found->second->hits.load(std::memory_order_relaxed),
      WallTime(std::chrono::nanoseconds(found->second->last.load(std::memory_order_relaxed)))};
}

RuleHits::CountedPtr RuleHits::Register(const std::string& name) {
  const auto by_name = by_name_.Lock();
  const auto found = by_name->find(name);
  if (found != by_name->end()) return found->second;
  if (by_name->size() >= kMostNames) return nullptr;
  return by_name->emplace(name, std::make_shared<Counted>()).first->second;
}

}  // namespace procwall
