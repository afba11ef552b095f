// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include "base/background_thread.h"

namespace procwall {

// Calls each(i) for every i below `count`, once, from as many threads as there are processors, at
// most kMostThreads and one for each kWorthAThread calls; returns when all have returned. `each`
// must not throw. The caller's thread takes part; the others are background threads, so that many
// files that changed at once do not keep the packet thread waiting for a processor.
inline constexpr std::size_t kMostThreads = 8;
inline constexpr std::size_t kWorthAThread = 256;

template <typename Each>
void ParallelFor(std::size_t count, const Each& each,
                 std::size_t processors = std::thread::hardware_concurrency()) {
  constexpr std::size_t kAtOnce = 16;
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (;;) {
      const std::size_t begin = next.fetch_add(kAtOnce, std::memory_order_relaxed);
      if (begin >= count) return;
      for (std::size_t i = begin; i < std::min(begin + kAtOnce, count); ++i) each(i);
    }
  };
  const std::size_t threads = std::min({processors, kMostThreads, count / kWorthAThread});
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < threads; ++i) {
    others.emplace_back([&] {
      BeginBackgroundThread("helper");
      work();
    });
  }
  work();
}

}  // namespace procwall
