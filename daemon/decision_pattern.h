// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "daemon/event.h"

namespace procwall {

// Whether two decisions, each with a connection, differ in nothing but the ends of the flow, its
// socket, the time and what it took.
bool SameButForTheFlow(const Event& a, const Event& b);

// Decisions that differ in nothing but the flow share one event: thousands of connections of one
// program to one host have one. Remembers the last kRecent of them; what it has forgotten has
// another one the next time. Thread rule: one thread.
class DecisionPatterns {
 public:
  static constexpr std::size_t kRecent = 256;

  // The decision without its number, its time, its ends and its socket.
  EventPtr Of(const Event& decision);

 private:
  std::array<EventPtr, kRecent> recent_;
};

// Decisions of which all but their ports on this side, their sockets and their times are equal.
struct AlikeDecisions {
  EventPtr last;
  std::uint32_t times = 1;
};
// In the order in which the first of each came.
std::vector<AlikeDecisions> Summarise(const std::vector<EventPtr>& decisions);

}  // namespace procwall
