// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace procwall {

// One queue's line in /proc/net/netfilter/nfnetlink_queue: losses that no message tells us about.
struct QueueCounters {
  std::uint32_t waiting = 0;        // packets in the kernel's queue now
  std::uint64_t queue_dropped = 0;  // the queue was full
  std::uint64_t user_dropped = 0;   // our receive buffer was full
  std::uint64_t last_id = 0;

  friend bool operator==(const QueueCounters&, const QueueCounters&) = default;
};

// nullopt when the table has no such queue.
std::optional<QueueCounters> ParseQueueCounters(std::string_view table, std::uint16_t queue_number);

// Of the calling thread's network namespace. kNotFound: nobody owns this queue, or the kernel has
// no NFQUEUE. kPermission: the table is for the initial user namespace's root; the root of another
// one, which may well own a queue, cannot read it.
Result<QueueCounters> ReadQueueCounters(std::uint16_t queue_number);

}  // namespace procwall
