// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>

#include "attribution/process.h"
#include "base/bytes.h"
#include "base/result.h"

namespace procwall {

// A record of a tracepoint, and who caused it.
struct TraceSample {
  Pid pid = 0;                       // in our pid namespace; 0: outside of it
  std::chrono::nanoseconds time{0};  // of the clock that the event was opened with
  // It happened in an interrupt, which says nothing of the process that it interrupted: as when TCP
  // sends again.
  bool is_interrupt = false;
  Bytes record;  // of the sample's bytes, see TracepointFormat
};

// The body of a PERF_RECORD_SAMPLE of PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_RAW
// (<linux/perf_event.h>). kTruncated: it ends early. Pure.
Result<TraceSample> ParseTraceSample(Bytes sample);

}  // namespace procwall
