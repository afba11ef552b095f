// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/unique_fd.h"

namespace procwall {

// When the packets that a thread reads from a queue can have been sent at the earliest. A packet
// wakes the thread that sleeps on the queue at once; how long that then waits for a processor is
// counted by the kernel (run_delay in /proc/PID/task/TID/schedstat). So it was sent after the queue
// was last seen empty, and not much longer ago than the thread was woken. Thread rule: one thread,
// the one that reads.
class SendBound {
 public:
  // The way from the sender to the sleeper, where nobody counts: interrupts, another processor that
  // has to wake up itself. Measured: 0 to 35 us.
  static constexpr std::chrono::microseconds kSlack{100};

  explicit SendBound(const Clock& clock) : clock_(clock) {}  // must outlive it

  // A look at the queue that began at `looked` took all there was.
  void FoundEmpty(BootTime looked) { earliest_ = std::max(earliest_, looked); }
  // The thread will sleep: a look at the queue that began at `looked` found it empty.
  void BeforeSleep(BootTime looked);
  // It is awake. Without BeforeSleep() this changes nothing: what was there already may be older.
  void AfterSleep();

  BootTime Earliest() const { return earliest_; }

 private:
  const Clock& clock_;
  UniqueFd schedstat_{};  // of this thread
  bool was_opened_ = false;
  std::optional<std::chrono::nanoseconds> not_asleep_{};  // before the wait, see TimeNotAsleep()
  BootTime earliest_{};

  std::optional<std::chrono::nanoseconds> TimeNotAsleep();
};

// The second number of /proc/PID/task/TID/schedstat: how long it waited for a processor so far.
std::optional<std::chrono::nanoseconds> ParseRunDelay(std::string_view schedstat);

}  // namespace procwall
