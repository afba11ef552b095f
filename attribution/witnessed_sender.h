// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>

#include "attribution/attribution.h"
#include "attribution/program_source.h"
#include "attribution/socket_witness.h"
#include "net/connection.h"

namespace procwall {

// A packet's sender as the witness saw it, and what its processes are.
struct WitnessedSender {
  FlowUse use;
  bool is_ghost = false;  // the same flow's last, not this packet's own sender
  ProcessPtr user;        // null, all three: nobody, or not described yet
  ProcessPtr creator;     // who made the socket; null, too, if that was the user
  ProcessPtr previous;    // see FlowUse

  // Somebody who may have sent it is not described: see Describe().
  bool IsIncomplete() const;
};

// nullopt: the witness did not see who sent it.
std::optional<WitnessedSender> FindWitnessedSender(const SocketWitness& witness,
                                                   const ProgramSource& programs,
                                                   const Connection& connection);
// The same for a packet whose socket is gone.
std::optional<WitnessedSender> FindGhost(const SocketWitness& witness,
                                         const ProgramSource& programs,
                                         const Connection& connection);

// Tries everything to describe those who are not. Not on the packet thread.
void Describe(WitnessedSender& sender, ProgramSource& programs);

// What it is worth:
// - Certain: the process that was seen to send it, or to connect the socket that did; nobody sent
//   the same flow moments ago whom a rule could tell from it (program, arguments, user, unit).
// - Likely: a ghost; or another process of the same program, of which nothing else is known, sent
//   the same flow moments ago.
// - Ambiguous: somebody else did, whom a rule can tell from it.
// - Unknown: the kernel sent it itself; or the process is gone, and nobody saw what it ran.
Attribution Conclude(const WitnessedSender& sender, const Connection& connection, BootTime now);

}  // namespace procwall
