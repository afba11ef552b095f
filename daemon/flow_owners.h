// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <span>
#include <utility>
#include <vector>

#include "attribution/owner_search.h"
#include "attribution/procfs.h"
#include "attribution/socket_diag.h"
#include "base/clock.h"
#include "daemon/event.h"
#include "net/tracked_flow.h"

namespace procwall {

// Whose flows are that nobody has decided about: those from before the daemon's start, those that
// came in, those whose rule writes no events. Only a socket that is connected to exactly the flow's
// peer tells; all others stay unknown. Costs a dump of the socket tables and a walk over /proc for
// all of them together. Thread rule: one thread only, never the packet thread.
class FlowOwners {
 public:
  static constexpr std::chrono::seconds kWalkBudget{1};

  FlowOwners(const Clock& clock, Procfs procfs, SocketDiag diag)
      : clock_(clock),
        procfs_(std::move(procfs)),
        diag_(std::move(diag)),
        search_(procfs_, clock) {}
  FlowOwners(const FlowOwners&) = delete;
  FlowOwners& operator=(const FlowOwners&) = delete;

  struct Owned {
    FlowName flow;
    EventPtr owner;  // sequence 0: as it is now
  };
  // Of those that have a socket here, in any order.
  std::vector<Owned> Find(std::span<const TrackedFlow> flows);

 private:
  struct Socket {
    Connection connection;
    SocketEntry entry;
    FlowName flow;
  };
  std::vector<Socket> SocketsOf(std::span<const TrackedFlow> flows);

  const Clock& clock_;
  Procfs procfs_;
  SocketDiag diag_;
  OwnerSearch search_;
};

// The flow as its socket on this host sees it, if it is one of those that this host began, or that
// came in.
Connection AsOutgoing(const TrackedFlow& flow);
Connection AsIncoming(const TrackedFlow& flow);

}  // namespace procwall
