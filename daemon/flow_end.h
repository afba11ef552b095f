// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "attribution/attribution.h"
#include "base/clock.h"
#include "net/endpoint.h"
#include "net/ip_protocol.h"

namespace procwall {

// What a direction of a flow has moved, if the kernel counts that.
struct FlowMoved {
  std::optional<std::uint64_t> packets{};
  std::optional<std::uint64_t> bytes{};

  friend bool operator==(const FlowMoved&, const FlowMoved&) = default;
};

// A flow that has ended, as conntrack knew it, and whose it was.
struct FlowEnd {
  WallTime time{};
  std::uint64_t id = 0;  // conntrack's
  IpProtocol protocol = IpProtocol::kTcp;
  std::string state{};  // its last: "TIME_WAIT", "REPLIED", ...
  Endpoint source{};    // as it was sent by the side that began
  Endpoint destination{};
  Endpoint reply_source{};  // as answers arrived: not the mirror image behind NAT
  Endpoint reply_destination{};
  FlowMoved sent{};  // by the side that began
  FlowMoved received{};
  std::optional<std::chrono::nanoseconds> age{};  // absent: not known
  std::uint32_t mark = 0;
  ProcessPtr process{};  // null: not known
  Confidence confidence = Confidence::kUnknown;
  std::string rule{};          // that let it through; empty: none, or not known
  std::string host{};          // the name of the other side; empty: not known
  std::uint64_t sequence = 0;  // of the decision that let it through; 0: not known
};

}  // namespace procwall
