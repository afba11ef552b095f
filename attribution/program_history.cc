// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/program_history.h"

#include "attribution/executed_file.h"

namespace procwall {

const TracedProgram* ProgramHistory::Find(Pid pid, BootTime when) {
  const bool is_read = when - kExecLoading >= since_ && when + kExecMoment < until_;
  if (!is_read) {
    since_ = when - kExecLoading;
    until_ = clock_.Now();
    programs_ = trace_.Recent(since_);
  }
  const TracedProgram* const found = FindExecuted(programs_, pid, when);
  return found != nullptr && !found->path.empty() ? found : nullptr;
}

}  // namespace procwall
