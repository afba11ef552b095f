// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "base/result.h"
#include "tests/bench/latencies.h"
#include "tests/bench/load_connection.h"

namespace procwall {

struct LoadPlan {
  LoadTarget target;
  std::size_t count = 10'000;             // connections at most
  std::chrono::milliseconds limit{2000};  // no new connection after this long
  std::size_t warmup = 0;                 // unmeasured connections before
  std::chrono::microseconds pause{0};     // of a thread after each of its connections
};

struct LoadReport {
  Latencies latencies;
  std::chrono::nanoseconds elapsed{0};  // of the measured part
};

// `threads` threads of this process make the connections, each one after the other.
LoadReport LoadFromThreads(const LoadPlan& plan, unsigned threads);

// A new process of `program` (connect_once) for each connection, one after the other. Starting the
// process is in `elapsed`, not in the latencies.
Result<LoadReport> LoadFromNewProcesses(const LoadPlan& plan, const std::string& program);

// Starts plan.count processes of `program` (connect_once), calls `wait_for_start`, then lets each
// make its first and only connection, one after the other.
Result<LoadReport> LoadFromOldProcesses(const LoadPlan& plan, const std::string& program,
                                        const std::function<void()>& wait_for_start);

// Opens plan.count UDP sockets, then sends one datagram from each as fast as possible and collects
// the answers until all are here or plan.limit has passed. A latency is the time from the first
// send until that answer; unanswered sockets are errors; elapsed ends with the last answer.
Result<LoadReport> LoadFromManySockets(const LoadPlan& plan);

}  // namespace procwall
