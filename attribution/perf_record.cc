// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/perf_record.h"

#include <sys/sysmacros.h>

#include <linux/perf_event.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <utility>

#include "attribution/perf_mapping.h"

namespace procwall {
namespace {

// Behind the header of PERF_RECORD_FORK and PERF_RECORD_EXIT.
struct TaskRecord {
  std::uint32_t pid;
  std::uint32_t parent_pid;
  std::uint32_t thread;
  std::uint32_t parent_thread;
};

// Behind that of PERF_RECORD_COMM; the name follows.
struct CommRecord {
  std::uint32_t pid;
  std::uint32_t thread;
};

struct LostRecord {
  std::uint64_t event;
  std::uint64_t count;
};

// Behind that of PERF_RECORD_MMAP2 without PERF_RECORD_MISC_MMAP_BUILD_ID; the path follows.
struct MappingRecord {
  std::uint32_t pid;
  std::uint32_t thread;
  std::uint64_t address;
  std::uint64_t size;
  std::uint64_t offset;
  std::uint32_t major;
  std::uint32_t minor;
  std::uint64_t inode;
  std::uint64_t inode_generation;
  std::uint32_t protection;
  std::uint32_t flags;
};

// 0 and -1 stand for those that have no number here.
bool IsProcess(std::uint32_t pid, std::uint32_t thread) {
  return pid == thread && static_cast<std::int32_t>(pid) > 0;
}

ProcessId IdOf(std::uint32_t pid) {
  return {static_cast<std::int32_t>(pid) > 0 ? static_cast<Pid>(pid) : 0, 0};
}

// What it tells, but for the time.
Result<std::optional<ProcessEvent>> ParseBody(const perf_event_header& header, ByteReader& reader) {
  ProcessEvent event{.time = {}, .what = ProcessEventsLost{}};
  if (header.type == PERF_RECORD_LOST) {
    event.what = ProcessEventsLost{PROCWALL_TRY(reader.Read<LostRecord>("perf record")).count};
    return std::optional(std::move(event));
  }
  if (header.type == PERF_RECORD_COMM && (header.misc & PERF_RECORD_MISC_COMM_EXEC) != 0) {
    const auto comm = PROCWALL_TRY(reader.Read<CommRecord>("perf record"));
    if (IdOf(comm.pid).pid == 0) return std::optional<ProcessEvent>{};
    ProcessExecuted executed;
    executed.id = IdOf(comm.pid);
    event.what = std::move(executed);
    return std::optional(std::move(event));
  }
  if (header.type != PERF_RECORD_FORK && header.type != PERF_RECORD_EXIT) {
    return std::optional<ProcessEvent>{};
  }
  const auto task = PROCWALL_TRY(reader.Read<TaskRecord>("perf record"));
  if (!IsProcess(task.pid, task.thread)) return std::optional<ProcessEvent>{};
  if (header.type == PERF_RECORD_FORK) {
    event.what = ProcessForked{.id = IdOf(task.pid), .parent = IdOf(task.parent_pid)};
  } else {
    event.what = ProcessExited{.id = IdOf(task.pid)};
  }
  return std::optional(std::move(event));
}

}  // namespace

Result<std::optional<ProcessEvent>> ParsePerfRecord(Bytes record) {
  ByteReader reader(record);
  const auto header = PROCWALL_TRY(reader.Read<perf_event_header>("perf record"));
  auto event = PROCWALL_TRY(ParseBody(header, reader));
  if (event) event->time = PROCWALL_TRY(TimeOfPerfRecord(reader.Rest()));
  return event;
}

Result<std::optional<ExecutableMapping>> ParsePerfMapping(Bytes record) {
  ByteReader reader(record);
  const auto header = PROCWALL_TRY(reader.Read<perf_event_header>("perf record"));
  if (header.type != PERF_RECORD_MMAP2) return std::optional<ExecutableMapping>{};
  const auto mapped = PROCWALL_TRY(reader.Read<MappingRecord>("perf record"));
  ExecutableMapping mapping{.pid = IdOf(mapped.pid).pid,
                            .time = PROCWALL_TRY(TimeOfPerfRecord(reader.Rest()))};
  if (mapped.inode != 0) {
    mapping.file = {.device = ::makedev(mapped.major, mapped.minor), .inode = mapped.inode};
  }
  for (const std::byte byte : reader.Rest().first(reader.Remaining() - sizeof(std::uint64_t))) {
    if (byte == std::byte{0}) break;
    mapping.path.push_back(static_cast<char>(byte));
  }
  return std::optional(std::move(mapping));
}

// The last word of it.
Result<BootTime> TimeOfPerfRecord(Bytes record) {
  if (record.size() < sizeof(std::uint64_t)) return Error{Errc::kTruncated, 0, "perf record"};
  ByteReader reader(record.last(sizeof(std::uint64_t)));
  return BootTime(
      std::chrono::nanoseconds(PROCWALL_TRY(reader.Read<std::uint64_t>("perf record"))));
}

void VisitPerfRecords(Bytes ring, std::uint64_t tail, std::uint64_t head,
                      const std::function<void(Bytes record)>& each) {
  std::array<std::byte, 0x10000> record;  // the size of one has 16 bits
  while (head - tail >= sizeof(perf_event_header) && head - tail <= ring.size()) {
    perf_event_header header{};
    CopyOutOfRing(ring, tail, std::as_writable_bytes(std::span(&header, 1)));
    if (header.size < sizeof(header) || header.size > head - tail) return;
    const auto whole = std::span(record).first(header.size);
    CopyOutOfRing(ring, tail, whole);
    each(whole);
    tail += header.size;
  }
}

}  // namespace procwall
