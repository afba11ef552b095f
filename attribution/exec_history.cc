// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/exec_history.h"

#include <algorithm>

namespace procwall {

void ExecHistory::Note(Pid pid, BootTime when) {
  if (last_.size() < kCapacity) {
    last_.push_back({pid, when});
    return;
  }
  // What is overwritten is the oldest, but for what came late.
  ForgetBefore(last_[next_].when + BootClock::duration(1));
  last_[next_] = {pid, when};
  next_ = (next_ + 1) % kCapacity;
}

void ExecHistory::ForgetBefore(BootTime when) { known_since_ = std::max(known_since_, when); }

bool ExecHistory::MayHaveExecutedSince(Pid pid, BootTime since) const {
  if (since < known_since_) return true;
  return std::ranges::any_of(last_, [&](const Execution& execution) {
    return execution.pid == pid && execution.when >= since;
  });
}

}  // namespace procwall
