// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/trace_sample.h"

#include <cstdint>

namespace procwall {
namespace {

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
  const auto pid = static_cast<std::int32_t>(head.pid);
  parsed.pid = pid > 0 ? pid : 0;  // -1 stands for one that has no number here
  parsed.time = std::chrono::nanoseconds(head.time);
  return parsed;
}

}  // namespace procwall
