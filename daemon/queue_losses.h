// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "daemon/counters.h"
#include "net/queue_counters.h"

namespace procwall {

// Reads what the kernel lost of our queues from its own counters (no message tells us), and logs
// it, at most once in kLogInterval. Thread rule: one thread only. The references must outlive it.
class QueueLosses {
 public:
  static constexpr std::chrono::seconds kLogInterval{10};

  // Of `queues` numbers, from `first_number` on.
  QueueLosses(std::uint16_t first_number, std::uint16_t queues, Counters& counters,
              const Clock& clock)
      : first_number_(first_number), read_(queues), counters_(counters), clock_(clock) {}

  void Update();
  // What Update() does with the kernel's counters of all queues.
  void Take(const QueueCounters& read);

 private:
  std::uint16_t first_number_;
  std::vector<QueueCounters> read_;  // the last of each queue
  Counters& counters_;
  const Clock& clock_;
  std::uint64_t logged_ = 0;
  BootTime last_log_{};
};

}  // namespace procwall
