// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "attribution/file_id.h"
#include "attribution/process.h"
#include "attribution/process_event.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace procwall {

// What the kernel writes into the ring of a perf event (<linux/perf_event.h>) that was opened as
// PerfEvents does it: each record ends with its time. Pure.

// One record, its header included: of a process that was made, executed a program (told without its
// path), or ended (its first thread did), or of records that were lost. nullopt: of something else,
// as a thread, or a process of another pid namespace. kTruncated: it ends early.
Result<std::optional<ProcessEvent>> ParsePerfRecord(Bytes record);

// A file that a process has mapped to be executed, its program or a library.
struct ExecutableMapping {
  Pid pid = 0;
  BootTime time{};
  FileId file{};       // as FileIdOfKernel() tells it; not known: no file
  std::string path{};  // any bytes but NUL: as the process sees it, "//anon", "[vdso]"
};
// One record, its header included, of PERF_RECORD_MMAP2; nullopt: of something else. kTruncated.
Result<std::optional<ExecutableMapping>> ParsePerfMapping(Bytes record);

// When it happened, whatever it tells of. kTruncated.
Result<BootTime> TimeOfPerfRecord(Bytes record);

// The records between `tail` and `head`, two positions in a stream that wraps around in `ring`,
// whose size is a power of two; each whole. Stops at one that cannot be.
void VisitPerfRecords(Bytes ring, std::uint64_t tail, std::uint64_t head,
                      const std::function<void(Bytes record)>& each);

}  // namespace procwall
