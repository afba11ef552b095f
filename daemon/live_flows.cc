// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/live_flows.h"

#include <algorithm>
#include <utility>

namespace procwall {
namespace {

bool MayLiveOn(const Event& event) {
  return event.connection && event.action == RuleAction::kAllow &&
         event.connection->protocol == IpProtocol::kTcp &&
         event.connection->direction == Direction::kOutgoing;
}

}  // namespace

void LiveFlows::Add(EventPtr event) {
  if (!MayLiveOn(*event)) return;
  if (IsFull()) {
    const auto longest = std::ranges::min_element(
        flows_, {}, [](const auto& flow) { return flow.second->sequence; });
    flows_.erase(longest);
  }
  const FlowKey key = KeyOf(*event->connection);
  flows_.insert_or_assign(key, std::move(event));
}

void LiveFlows::Keep(const std::function<bool(const FlowKey&)>& lives) {
  std::erase_if(flows_, [&](const auto& flow) { return !lives(flow.first); });
}

std::vector<EventPtr> LiveFlows::All() const {
  std::vector<EventPtr> all;
  all.reserve(flows_.size());
  for (const auto& [key, event] : flows_) all.push_back(event);
  std::ranges::sort(all, {}, [](const EventPtr& event) { return event->sequence; });
  return all;
}

}  // namespace procwall
