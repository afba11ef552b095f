// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <algorithm>
#include <vector>

#include "attribution/process.h"
#include "base/clock.h"

namespace procwall {

// A process that did what was asked for.
struct TracedProcess {
  Pid pid = 0;       // 0: of another pid namespace
  BootTime first{};  // of the times it did

  friend bool operator==(const TracedProcess&, const TracedProcess&) = default;
};

// The entry of that process in a list of them, which is made where there is none.
template <typename Traced>
Traced& EntryOf(std::vector<Traced>& entries, Pid pid, BootTime when) {
  const auto known = std::ranges::find(entries, pid, &Traced::pid);
  if (known != entries.end()) {
    known->first = std::min(known->first, when);
    return *known;
  }
  Traced entry;
  entry.pid = pid;
  entry.first = when;
  return entries.emplace_back(entry);
}

}  // namespace procwall
