// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"
#include "daemon/firewall_notes.h"
#include "net/conntrack_load.h"

namespace procwall {

// Tells people when conntrack's table is full: what does not fit into it is dropped before it is
// queued, so that no rule and no event speaks of it. In the log once in kLogInterval, and in the
// status as long as the daemon lives. Thread rule: one thread only. The references must outlive it.
class ConntrackWatch {
 public:
  static constexpr std::chrono::seconds kLookEvery{5};
  static constexpr std::chrono::seconds kLogInterval{60};

  ConntrackWatch(const Clock& clock, FirewallNotes& notes) : clock_(clock), notes_(notes) {}

  // Call it about once a second. Looks at two files in /proc, if it is time.
  void Look();
  // What Look() does with what it has read.
  void Take(const ConntrackLoad& load);

 private:
  const Clock& clock_;
  FirewallNotes& notes_;
  std::optional<ConntrackLoad> first_;  // what was lost before us
  ConntrackLoad last_;
  BootTime next_look_{};
  BootTime next_log_{};
};

}  // namespace procwall
