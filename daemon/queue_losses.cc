// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/queue_losses.h"

#include <spdlog/spdlog.h>

namespace procwall {

void QueueLosses::Update() {
  const auto read = ReadQueueCounters(queue_number_);
  if (read) Take(*read);  // else shown as unchanged; the queue itself tells when it fails
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
