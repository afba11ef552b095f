// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/tracked_flow.h"

namespace procwall {

// What conntrack tells of flows and is asked about them, as whole netlink messages. Pure:
// <linux/netfilter/nfnetlink_conntrack.h>.

// What became of a flow. In answers to a dump, `what` says nothing.
struct FlowNews {
  enum class What : std::uint8_t { kBegan, kChanged, kEnded };
  What what = What::kChanged;
  TrackedFlow flow;

  friend bool operator==(const FlowNews&, const FlowNews&) = default;
};

// Total: any bytes give news, or kTruncated, kMalformed (no flow without both of its tuples), or
// kUnsupported: another kind of message.
Result<FlowNews> DecodeFlowNews(Bytes netlink_message);

// Asks for all flows of both families: a dump.
std::vector<std::byte> EncodeFlowDump();

// Removes exactly this flow: by its name and its id (4.19), so that no successor of the same name
// is hit (kNotFound). Wants an ACK.
std::vector<std::byte> EncodeRemoveFlow(const TrackedFlow& flow);

}  // namespace procwall
