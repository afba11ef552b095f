// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "net/flow_mark.h"
#include "net/routing_rule.h"

namespace procwall {

// A rule of somebody else's that uses the marks of flows (conntrack's) or, for routing, of packets.
struct MarkUse {
  enum class Kind : std::uint8_t {
    kSets,    // the mark of a flow
    kReads,   // the mark of a flow
    kCopies,  // the mark of a flow to its packets
    kRoutes,  // by the mark of a packet
  };
  Kind kind = Kind::kReads;
  std::uint32_t mask = 0;  // the bits that it sets, looks at or copies
  std::string where{};  // "iptables mangle PREROUTING", "nft inet wg prerouting", "ip rule 32765"

  friend bool operator==(const MarkUse&, const MarkUse&) = default;
};

std::vector<MarkUse> MarkUsesOfRouting(const std::vector<RoutingRule>& rules);

// What `ours` and theirs do to each other, a sentence each; of equal ones the first few.
std::vector<std::string> MarkClashes(const std::vector<MarkUse>& uses, FlowMark ours);

// All uses on this host: asks the programs that are there, and the kernel. Blocks for tens of
// milliseconds.
std::vector<MarkUse> FindMarkUses();

}  // namespace procwall
