// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "daemon/event.h"
#include "net/connection.h"

namespace procwall {

// The TCP connections of this host that were let through, and whose they are: what has to be judged
// again when the rules change. At most kMost: the longest known are forgotten first, ended ones
// before all (Keep). Thread rule: one thread.
class LiveFlows {
 public:
  static constexpr std::size_t kMost = 16384;

  // A decision; only what may live on is kept.
  void Add(EventPtr event);
  // Forgets those that `lives` denies.
  void Keep(const std::function<bool(const FlowKey&)>& lives);
  void Forget(const FlowKey& flow) { flows_.erase(flow); }

  bool IsFull() const { return flows_.size() >= kMost; }
  std::size_t Size() const { return flows_.size(); }
  // The decisions, the earliest first.
  std::vector<EventPtr> All() const;

 private:
  std::unordered_map<FlowKey, EventPtr> flows_;  // the last decision of each
};

}  // namespace procwall
