// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "attribution/process.h"
#include "base/bytes.h"
#include "base/result.h"
#include "net/connection.h"

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

// What lies at an offset of a record that TracepointFormat tells. kTruncated, with `what`.
template <typename T>
Result<T> FieldAt(Bytes record, std::size_t offset, const char* what) {
  ByteReader reader(record);
  PROCWALL_TRY_STATUS(reader.Skip(offset, what));
  return reader.Read<T>(what);
}

inline Result<IpAddress> AddressAt(Bytes record, IpFamily family, std::size_t offset,
                                   const char* what) {
  if (family == IpFamily::kV4) {
    return IpAddress::V4(
        PROCWALL_TRY((FieldAt<std::array<std::uint8_t, 4>>(record, offset, what))));
  }
  return IpAddress::V6(PROCWALL_TRY((FieldAt<std::array<std::uint8_t, 16>>(record, offset, what))));
}

// The number of its tracepoint, with which every record begins.
inline Result<std::uint64_t> TracepointOf(Bytes record, const char* what) {
  return PROCWALL_TRY(FieldAt<std::uint16_t>(record, 0, what));
}

}  // namespace procwall
