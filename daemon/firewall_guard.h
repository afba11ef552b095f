// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/clock.h"
#include "daemon/counters.h"
#include "daemon/firewall_notes.h"
#include "daemon/firewall_table.h"

namespace procwall {

// Sees to it that our firewall rules stand: puts them back when somebody has flushed them, logs,
// counts and notes it. Where nobody tells of changes it looks once in kLookEvery; a look asks the
// kernel and costs some 20 us. What cannot be put back is tried again, less and less often; so are
// rules that are removed again and again, after some times at once. Thread
// rule: Check() on one thread that may block, Repairs() from any. The references must outlive it.
class FirewallGuard {
 public:
  static constexpr std::chrono::seconds kLookEvery{1};
  static constexpr std::chrono::milliseconds kAtMostEvery{100};  // whatever news there are
  static constexpr std::chrono::seconds kLongestRetry{32};

  FirewallGuard(const Clock& clock, FirewallNotes& notes) : clock_(clock), notes_(notes) {}

  // Call it at least once in kLookEvery.
  void Check(FirewallTable& table);
  std::uint64_t Repairs() const { return repairs_.Get(); }

 private:
  bool HasNews(const FirewallTable& table);
  void TakeCareOf(FirewallTable& table);
  void Note(std::string note);

  const Clock& clock_;
  FirewallNotes& notes_;
  Counter repairs_;
  BootTime next_look_{};
  BootTime next_try_{};  // to put back what could not be
  std::chrono::seconds retry_{1};
  int in_a_row_ = 0;       // repairs of this affair
  bool has_news_ = false;  // that came too early
  bool is_blind_ = false;  // it was told that the rules cannot be looked at
};

}  // namespace procwall
