// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/trace_sample.h"

#include <cstdint>

namespace procwall {
namespace {

// The begin of every tracepoint's record (struct trace_entry of <linux/trace_events.h> in the
// kernel).
struct RecordHead {
  std::uint16_t type;
  std::uint8_t flags;
  std::uint8_t preempt_count;
  std::uint32_t pid;
};
constexpr unsigned kInterruptFlags = 0x08 | 0x10 | 0x40;  // TRACE_FLAG_HARDIRQ, _SOFTIRQ, _NMI

struct SampleHead {
  std::uint32_t pid;
  std::uint32_t thread;
  std::uint64_t time;
};

}  // namespace

Result<TraceSample> ParseTraceSample(Bytes sample) {
  constexpr const char* kWhat = "tracepoint sample";
  ByteReader reader(sample);
  const auto head = PROCWALL_TRY(reader.Read<SampleHead>(kWhat));
  const auto size = PROCWALL_TRY(reader.Read<std::uint32_t>(kWhat));
  TraceSample parsed;
  parsed.record = PROCWALL_TRY(reader.Take(size, kWhat));
  ByteReader record(parsed.record);
  const auto begin = PROCWALL_TRY(record.Read<RecordHead>(kWhat));
  parsed.is_interrupt = (begin.flags & kInterruptFlags) != 0;
  const auto pid = static_cast<std::int32_t>(head.pid);
  parsed.pid = pid > 0 ? pid : 0;  // -1 stands for one that has no number here
  parsed.time = std::chrono::nanoseconds(head.time);
  return parsed;
}

}  // namespace procwall
