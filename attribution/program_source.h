// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <vector>

#include "attribution/end_history.h"
#include "attribution/process.h"
#include "base/clock.h"

namespace procwall {

// Where the description of a process's program comes from.
class ProgramSource {
 public:
  ProgramSource() = default;
  ProgramSource(const ProgramSource&) = delete;
  ProgramSource& operator=(const ProgramSource&) = delete;
  virtual ~ProgramSource() = default;

  // What is known at once; null: not (yet). Any thread, the packet thread, too.
  virtual ProcessPtr Find(const ProgramOfProcess& wanted) const = 0;
  // The same after everything has been tried: news of processes that wait, then /proc. Null: it is
  // gone, and nobody saw what it ran. Any thread but the packet thread.
  virtual ProcessPtr Resolve(const ProgramOfProcess& wanted) = 0;
  // Could the process have executed another program at `since` or later? False where nobody tells
  // of that at all. Any thread but the packet thread.
  virtual bool MayHaveExecutedSince(Pid pid, BootTime since) = 0;
  // Could the process have been made at `since` or later, so that its number was another's before?
  // False where nobody tells of that at all. Any thread but the packet thread.
  virtual bool MayHaveBeenMadeSince(Pid pid, BootTime since) = 0;

  // Sockets are inherited: who of the relatives of a process that holds one may hold it, too, and
  // runs another program? Empty where nobody tells of processes; nullopt: too many to look through.
  // Any thread but the packet thread.
  virtual std::optional<std::vector<Pid>> OtherKin(const Process& holder, Kinship kinship) = 0;
  // Does anybody live whom it made and who may run another program? As far as the news have been
  // applied. Any thread, the packet thread, too.
  virtual bool HasOtherDescendants(const Process& holder) const = 0;
  // Could a relative that ran another program have ended at `since` or later? False where nobody
  // tells of that at all. Any thread but the packet thread.
  virtual bool MayKinHaveEndedSince(const Process& holder, Kinship kinship, BootTime since) = 0;
};

}  // namespace procwall
