// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/withheld_syns.h"

namespace procwall {

void WithheldSyns::Note(const FlowKey& flow, std::uint32_t sequence, const Attribution& attribution,
                        BootTime now) {
  syns_.insert_or_assign(flow, Syn{sequence, attribution, now});
  order_.emplace_back(flow, now);
  MakeRoom(now);
}

void WithheldSyns::MakeRoom(BootTime now) {
  while (!order_.empty()) {
    const auto& [flow, seen] = order_.front();
    const auto found = syns_.find(flow);
    const bool is_over = found == syns_.end() || found->second.seen != seen;
    const bool is_old = seen + kPatience < now || syns_.size() > kMost;
    if (!is_over && !is_old && order_.size() <= 2 * kMost) return;
    if (!is_over) syns_.erase(found);
    order_.pop_front();
  }
}

const Attribution* WithheldSyns::Find(const FlowKey& flow, std::uint32_t sequence,
                                      BootTime now) const {
  const auto found = syns_.find(flow);
  if (found == syns_.end() || found->second.sequence != sequence) return nullptr;
  return found->second.seen + kPatience < now ? nullptr : &found->second.attribution;
}

}  // namespace procwall
