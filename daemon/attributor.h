// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "attribution/owner_index.h"
#include "attribution/port_probe.h"
#include "attribution/program_source.h"
#include "attribution/socket_diag.h"
#include "attribution/socket_witness.h"
#include "attribution/witnessed_sender.h"
#include "base/clock.h"
#include "daemon/counters.h"
#include "daemon/finder.h"
#include "daemon/lanes.h"
#include "daemon/walk.h"
#include "daemon/withheld_syns.h"

namespace procwall {

// What it asks. All of it must outlive the attributor; `diag` is its own.
struct AttributorParts {
  const SocketWitness& witness;
  const ProgramSource& programs;
  SocketDiag& diag;
  Finder& finder;
  Counters& counters;
  const Clock& clock;
  Lane lane = 0;
};

// Who sent a packet, or will get it: the witness in the kernel saw it happen, else its socket is
// looked up and who holds that. What the packet thread would have to wait for is the finder's, and
// the packet is parked meanwhile. Thread rule: one packet thread, that of `lane`.
class Attributor {
 public:
  explicit Attributor(const AttributorParts& parts) : parts_(parts) {}

  // Call it before packets are received together, none of them sent before `sent_after` (the epoch:
  // not known).
  void BeginBatch(BootTime sent_after);
  // True: `walk` has its attribution. False: it is parked, and moved from.
  [[nodiscard]] bool Attribute(Walk& walk);
  // A packet that was parked, with its attribution. nullopt: nothing waits for this answer.
  std::optional<Walk> Resume(FinderAnswer answer);
  // Its packet is not let through, or not yet: it may come up again.
  void NoteWithheld(const Walk& walk);
  std::size_t Parked() const { return parked_.size(); }

 private:
  // All of these: nullopt if the walk is parked.
  std::optional<Attribution> FindSender(Walk& walk);
  std::optional<Attribution> Believe(Walk& walk, WitnessedSender sender);
  std::optional<Attribution> LookUp(Walk& walk);
  std::optional<Attribution> LookUpForwarded(Walk& walk);
  std::optional<Attribution> Park(Walk& walk, FinderQuestion question);

  std::optional<RankedSocket> OnlySender(const Connection& connection, const SocketEntry& socket);
  std::optional<OwnerIndex::Recalled> OwnerOf(Direction direction, const SocketEntry& socket);
  std::optional<Attribution> SenderOfFirst(const Walk& walk);

  const AttributorParts parts_;
  OwnerIndex owners_;
  PortProbe port_probe_;
  WithheldSyns withheld_;
  std::unordered_map<std::uint64_t, Walk> parked_;  // by ticket; at most Finder::kMaxQuestions
  std::uint64_t next_ticket_ = 1;
  BootTime sent_after_{};  // of the packets that are received now
};

}  // namespace procwall
