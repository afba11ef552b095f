// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <vector>

#include "attribution/process.h"
#include "attribution/program_trace.h"
#include "base/clock.h"

namespace procwall {

// What was executed when, from a trace that is read as seldom as possible: many that died together
// are looked up in one reading. The references must outlive it. Thread rule: the caller's lock, and
// never the packet thread.
class ProgramHistory {
 public:
  ProgramHistory(ProgramTrace& trace, const Clock& clock) : trace_(trace), clock_(clock) {}

  // What `pid` was told to execute at `when`; null: that is not known. Valid until the next call.
  const TracedProgram* Find(Pid pid, BootTime when);

 private:
  ProgramTrace& trace_;
  const Clock& clock_;
  std::vector<TracedProgram> programs_;  // of every exec from since_ to until_
  BootTime since_{};
  BootTime until_{};
};

}  // namespace procwall
