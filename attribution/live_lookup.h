// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <utility>

#include "attribution/conclude.h"
#include "attribution/owner_search.h"
#include "attribution/procfs.h"
#include "attribution/program_source.h"
#include "attribution/socket_diag.h"
#include "attribution/socket_witness.h"
#include "base/clock.h"
#include "net/connection.h"

namespace procwall {

// Who uses a connection at this moment, asked as thoroughly as possible: what a packet cannot wait
// for, a person can. Thread rule: one thread only, never the packet thread. `clock` must outlive
// it.
class LiveLookup {
 public:
  static constexpr std::chrono::seconds kWalkBudget{2};

  LiveLookup(const Clock& clock, Procfs procfs, SocketDiag diag)
      : clock_(clock),
        procfs_(std::move(procfs)),
        diag_(std::move(diag)),
        owner_search_(procfs_, clock) {}
  LiveLookup(const LiveLookup&) = delete;
  LiveLookup& operator=(const LiveLookup&) = delete;

  // The sockets that may be this connection's, and all holders of the likeliest.
  Findings FindHolders(const Connection& connection);

 private:
  Findings FindSockets(const Connection& connection);

  const Clock& clock_;
  Procfs procfs_;
  SocketDiag diag_;
  OwnerSearch owner_search_;
};

// What the witness says, else what was found, else whom the witness remembers.
Attribution ConcludeNow(const Findings& findings, const Connection& connection,
                        const SocketWitness& witness, ProgramSource& programs, BootTime now);

}  // namespace procwall
