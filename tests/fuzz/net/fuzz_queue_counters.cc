// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstddef>
#include <cstdint>
#include <string>

#include "net/queue_counters.h"

// Any text is a table, with or without the queue.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  procwall::ParseQueueCounters(text, 0);
  procwall::ParseQueueCounters(text, 7);
  return 0;
}
