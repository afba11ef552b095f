// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "attribution/perf_mapping.h"
#include "attribution/tracepoint_format.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace procwall {

// What tracefs says of a tracepoint, "fib/fib_table_lookup", at one of its usual places. kNotFound:
// it is not mounted, or this kernel has no such tracepoint; kPermission, kMalformed.
Result<TracepointFormat> ReadTracepointFormat(const char* name);

// The last records of some perf events, of all processes, on all processors: the kernel writes the
// newest over the oldest (perf_event_open(2) with write_backward, Linux 4.7), and they are read
// only when somebody asks. Thread rule: const methods from any thread.
class FlightRecorder {
 public:
  struct Tracepoint {
    std::uint64_t id = 0;
    const char* filter = "";  // of the kernel's language, see Documentation/trace/events.rst
  };
  // One ring of `ring_bytes`, a power of two, for each processor. kPermission without CAP_PERFMON
  // (or CAP_SYS_ADMIN), kSystem.
  static Result<FlightRecorder> Start(std::span<const Tracepoint> tracepoints,
                                      std::size_t ring_bytes);

  // Likewise, of no tracepoint: what processes execute, and what files they map to be executed
  // (PERF_RECORD_COMM and _MMAP2), each with its time of CLOCK_BOOTTIME at its end. Every mmap(2)
  // of a file on this machine takes the kernel some 0.5 us more.
  static Result<FlightRecorder> StartOfPrograms(std::size_t ring_bytes);

  // Of tracepoints, of each processor, the newest first: the bodies of PERF_RECORD_SAMPLE with
  // PERF_SAMPLE_TID, _TIME (of CLOCK_MONOTONIC) and _RAW, until `each` says false. False: it did
  // not for one of them, and older records have been overwritten, or the kernel has held some back.
  bool Visit(const std::function<bool(Bytes sample)>& each) const;

  std::size_t Rings() const { return rings_.size(); }
  // Of one ring, whole records, the newest first, until `each` says false. False: it did not, and
  // older ones have been overwritten.
  bool VisitRing(std::size_t ring, const std::function<bool(Bytes record)>& each) const;

 private:
  FlightRecorder() = default;
  Status Record(std::span<const Tracepoint> tracepoints, std::size_t ring_bytes, int processor);

  std::vector<PerfMapping> rings_;  // one for each processor
  std::vector<UniqueFd> joined_;    // events that write into one of them
};

}  // namespace procwall
