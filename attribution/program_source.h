// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

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
};

}  // namespace procwall
