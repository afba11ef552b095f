// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "tests/bench/load.h"

namespace procwall {

LoadReport LoadFromThreads(const LoadPlan& plan, unsigned threads) {
  using Clock = std::chrono::steady_clock;
  for (std::size_t i = 0; i < plan.warmup; ++i) {
    static_cast<void>(MeasureConnection(plan.target, i));  // a failure will show when measured
  }
  std::atomic<std::size_t> next = 0;
  std::latch start(static_cast<std::ptrdiff_t>(threads) + 1);
  std::vector<Latencies> results(threads);
  std::vector<std::thread> workers;
  for (Latencies& result : results) {
    result.Reserve(plan.count);
    workers.emplace_back([&plan, &next, &start, &result] {
      start.arrive_and_wait();
      const auto deadline = Clock::now() + plan.limit;
      while (Clock::now() < deadline) {
        const std::size_t connection = next.fetch_add(1, std::memory_order_relaxed);
        if (connection >= plan.count) break;
        if (const auto latency = MeasureConnection(plan.target, plan.warmup + connection)) {
          result.Add(*latency);
        } else {
          result.AddError();
        }
        if (plan.pause.count() > 0) std::this_thread::sleep_for(plan.pause);
      }
    });
  }
  start.arrive_and_wait();
  const auto begin = Clock::now();
  for (std::thread& worker : workers) worker.join();

  LoadReport report;
  report.elapsed = Clock::now() - begin;
  for (const Latencies& result : results) report.latencies.Add(result);
  return report;
}

}  // namespace procwall
