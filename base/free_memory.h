// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "base/clock.h"

namespace procwall {

// What this process has in memory now, in bytes, files' pages included (/proc/self/statm, the
// second number); 0: not to be read. Thread rule: any thread.
std::uint64_t ResidentBytes();

// Gives what was freed back to the kernel. glibc keeps it, one pool for a few threads each, so that
// after a crowd of clients a process stays as large as all pools were at their largest, each at its
// own time. Going through the pools takes a microsecond if there is nothing to give, some hundred
// where much is, and a thread that needs memory from that pool waits meanwhile (malloc_trim(3)).
// Therefore it is done only while this process has kWorthBytes more than the least it had; after
// kInterval when it has grown, later and later, up to kLongest, when the last time was in vain:
// nobody tells when what is in use is freed.
// Thread rule: one thread.
class FreeMemory {
 public:
  static constexpr std::uint64_t kWorthBytes = 4 << 20;
  static constexpr std::chrono::seconds kInterval{5};
  static constexpr std::chrono::seconds kLongest{600};

  FreeMemory();
  // For tests: what is resident, and what gives back.
  FreeMemory(std::function<std::uint64_t()> resident, std::function<void()> give_back);

  // To be called now and then; gives back if that may be worth it. True: it did.
  bool Look(BootTime now);

 private:
  std::function<std::uint64_t()> resident_;
  std::function<void()> give_back_;
  std::uint64_t least_;  // resident, ever
  std::uint64_t last_;   // resident, when the pools had been gone through
  BootTime gone_through_{};
  std::chrono::seconds wait_{};
};

}  // namespace procwall
