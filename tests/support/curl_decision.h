// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "daemon/event.h"
#include "net/tracked_flow.h"

namespace procwall {

// curl's, on the flow's first packet: let through, for certain, by the socket with cookie 100 +
// `sequence`.
inline Event CurlTo(const TrackedFlow& flow, std::uint64_t sequence = 5) {
  static const auto curl = std::make_shared<const Process>(Process{.path = "/usr/bin/curl"});
  Event event;
  event.sequence = sequence;
  event.time = WallTime(std::chrono::hours(1));
  event.action = RuleAction::kAllow;
  event.host = "example.org";
  event.connection = Connection{.protocol = flow.protocol,
                                .local = flow.original.source,
                                .remote = flow.original.destination,
                                .uid = 1000};
  event.attribution.confidence = Confidence::kCertain;
  event.attribution.processes = {curl};
  event.attribution.evidence.cookie = 100 + sequence;
  return event;
}

}  // namespace procwall
