// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "net/connection.h"

namespace procwall {

// What is to be remembered of flows for a while: each for so long after it was put last, and of too
// many the longest known are forgotten. Thread rule: one thread.
template <typename Value>
class RecentFlows {
 public:
  RecentFlows(std::size_t most, std::chrono::seconds patience) : most_(most), patience_(patience) {}

  // In place of what was known of this flow.
  void Put(const FlowKey& flow, Value value, BootTime now) {
    flows_.insert_or_assign(flow, Known{std::move(value), now});
    order_.emplace_back(flow, now);
    MakeRoom(now);
  }
  // nullptr: nothing is known, or not any more. Valid until the next call with a time.
  Value* Find(const FlowKey& flow, BootTime now) {
    MakeRoom(now);
    return Find(flow);
  }
  // The same, however long ago.
  Value* Find(const FlowKey& flow) {
    const auto found = flows_.find(flow);
    return found == flows_.end() ? nullptr : &found->second.value;
  }
  std::size_t Size() const { return flows_.size(); }

 private:
  struct Known {
    Value value;
    BootTime since;
  };

  void MakeRoom(BootTime now) {
    while (!order_.empty()) {
      const auto& [flow, since] = order_.front();
      const auto found = flows_.find(flow);
      const bool is_over = found == flows_.end() || found->second.since != since;
      const bool is_old = since + patience_ < now || flows_.size() > most_;
      if (!is_over && !is_old && order_.size() <= 2 * most_) return;
      if (!is_over) flows_.erase(found);
      order_.pop_front();
    }
  }

  const std::size_t most_;
  const std::chrono::seconds patience_;
  std::unordered_map<FlowKey, Known> flows_;
  std::deque<std::pair<FlowKey, BootTime>> order_;  // as they were put; at most twice as many
};

}  // namespace procwall
