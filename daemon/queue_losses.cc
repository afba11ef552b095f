// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/queue_losses.h"

#include <spdlog/spdlog.h>

namespace procwall {

void QueueLosses::Update() {
  QueueCounters all;
  bool any = false;
  for (std::size_t i = 0; i < read_.size(); ++i) {
    // Else shown as unchanged; the queue itself tells when it fails.
    if (const auto read = ReadQueueCounters(static_cast<std::uint16_t>(first_number_ + i))) {
      read_[i] = *read;
      any = true;
    }
    all.queue_dropped += read_[i].queue_dropped;
    all.user_dropped += read_[i].user_dropped;
  }
  if (any) Take(all);
}

void QueueLosses::Take(const QueueCounters& read) {
  counters_.lost_queue_full.Set(read.queue_dropped);
  counters_.lost_buffer_full.Set(read.user_dropped);
  const std::uint64_t lost = read.queue_dropped + read.user_dropped;
  const BootTime now = clock_.Now();
  if (lost == logged_ || (logged_ != 0 && now - last_log_ < kLogInterval)) return;
  spdlog::warn(
      "event=packets_lost queue_full={} buffer_full={}: the kernel dropped packets that came "
      "faster than they "
      "could be judged",
      read.queue_dropped, read.user_dropped);
  logged_ = lost;
  last_log_ = now;
}

}  // namespace procwall
