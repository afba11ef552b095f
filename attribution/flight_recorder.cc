// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/kernel_sends_test.cc.
#include "attribution/flight_recorder.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "attribution/flight_ring.h"
#include "base/file.h"

namespace procwall {
namespace {

// Of all processes on that processor, into a ring that overwrites what is oldest.
Result<UniqueFd> OpenEvent(perf_event_attr wanted, clockid_t clock, int processor) {
  wanted.size = sizeof(wanted);
  wanted.write_backward = 1;
  wanted.use_clockid = 1;
  wanted.clockid = clock;
  constexpr pid_t kAll = -1;
  UniqueFd event(static_cast<int>(
      ::syscall(SYS_perf_event_open, &wanted, kAll, processor, -1, PERF_FLAG_FD_CLOEXEC)));
  if (!event.IsOpen()) return SystemError(errno, "open perf event");
  return event;
}

Result<UniqueFd> OpenTracepoint(const FlightRecorder::Tracepoint& tracepoint, int processor) {
  perf_event_attr wanted{};
  wanted.type = PERF_TYPE_TRACEPOINT;
  wanted.config = tracepoint.id;
  wanted.sample_period = 1;
  wanted.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_RAW;
  // CLOCK_BOOTTIME is none that a tracepoint may use.
  UniqueFd event = PROCWALL_TRY(OpenEvent(wanted, CLOCK_MONOTONIC, processor));
  if (::ioctl(event.UnsafeFd(), PERF_EVENT_IOC_SET_FILTER, tracepoint.filter) != 0) {
    return SystemError(errno, "filter tracepoint");
  }
  return event;
}

Result<UniqueFd> OpenPrograms(int processor) {
  perf_event_attr wanted{};
  wanted.type = PERF_TYPE_SOFTWARE;
  wanted.config = PERF_COUNT_SW_DUMMY;
  wanted.sample_type = PERF_SAMPLE_TIME;
  wanted.sample_id_all = 1;
  wanted.comm = 1;
  wanted.comm_exec = 1;
  wanted.mmap = 1;  // to be executed; other mappings are mmap_data
  wanted.mmap2 = 1;
  return OpenEvent(wanted, CLOCK_BOOTTIME, processor);
}

// `buffer` has as many bytes as the ring.
FlightRing CopyOf(const PerfMapping& ring, std::span<std::byte> buffer) {
  const std::uint64_t head = ring.Head();
  std::memcpy(buffer.data(), ring.Records().data(), buffer.size());
  __atomic_thread_fence(__ATOMIC_ACQUIRE);
  return {.bytes = buffer, .head = head, .head_after = ring.Head()};
}

}  // namespace

Result<TracepointFormat> ReadTracepointFormat(const char* name) {
  constexpr std::size_t kMaxBytes = std::size_t{64} << 10U;
  for (const char* const mount : {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"}) {
    const std::string path = fmt::format("{}/events/{}/format", mount, name);
    const auto text = ReadFileAt(AT_FDCWD, path.c_str(), kMaxBytes);
    if (text) return ParseTracepointFormat(*text);
    if (text.error().code != Errc::kNotFound) return text.error();
  }
  return Error{Errc::kNotFound, ENOENT, "open tracepoint in tracefs"};
}

Result<FlightRecorder> FlightRecorder::Start(std::span<const Tracepoint> tracepoints,
                                             std::size_t ring_bytes) {
  FlightRecorder recorder;
  const int processors = ::get_nprocs_conf();
  for (int i = 0; i < processors; ++i) {
    PROCWALL_TRY_STATUS(recorder.Record(tracepoints, ring_bytes, i));
  }
  return recorder;
}

Status FlightRecorder::Record(std::span<const Tracepoint> tracepoints, std::size_t ring_bytes,
                              int processor) {
  auto first = OpenTracepoint(tracepoints.front(), processor);
  if (!first && first.error().sys_errno == ENODEV) return {};  // it is switched off
  if (!first) return first.error();
  auto ring =
      PROCWALL_TRY(PerfMapping::Map(*std::move(first), ring_bytes, PerfMapping::Access::kReadOnly));
  for (const Tracepoint& tracepoint : tracepoints.subspan(1)) {
    UniqueFd other = PROCWALL_TRY(OpenTracepoint(tracepoint, processor));
    if (::ioctl(other.UnsafeFd(), PERF_EVENT_IOC_SET_OUTPUT, ring.UnsafeFd()) != 0) {
      return SystemError(errno, "join tracepoints");
    }
    joined_.push_back(std::move(other));
  }
  rings_.push_back(std::move(ring));
  return {};
}

Result<FlightRecorder> FlightRecorder::StartOfPrograms(std::size_t ring_bytes) {
  FlightRecorder recorder;
  const int processors = ::get_nprocs_conf();
  for (int i = 0; i < processors; ++i) {
    auto event = OpenPrograms(i);
    if (!event && event.error().sys_errno == ENODEV) continue;  // it is switched off
    if (!event) return event.error();
    recorder.rings_.push_back(PROCWALL_TRY(
        PerfMapping::Map(*std::move(event), ring_bytes, PerfMapping::Access::kReadOnly)));
  }
  return recorder;
}

bool FlightRecorder::VisitRing(std::size_t ring,
                               const std::function<bool(Bytes record)>& each) const {
  std::vector<std::byte> buffer(rings_[ring].Records().size());
  return CopyOf(rings_[ring], buffer).Visit(each);
}

bool FlightRecorder::Visit(const std::function<bool(Bytes sample)>& each) const {
  for (std::size_t i = 0; i < rings_.size(); ++i) {
    bool is_complete = true;
    const bool reaches_back = VisitRing(i, [&](Bytes record) {
      ByteReader reader(record);
      const auto header = reader.Read<perf_event_header>("perf record");
      is_complete = header && header->type == PERF_RECORD_SAMPLE;
      return is_complete && each(reader.Rest());
    });
    if (!reaches_back || !is_complete) return false;
  }
  return true;
}

}  // namespace procwall
