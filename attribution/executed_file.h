// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <vector>

#include "attribution/perf_record.h"
#include "attribution/process.h"
#include "attribution/program_trace.h"
#include "base/clock.h"

namespace procwall {

// What the kernel recorded of execs, in any order.
struct ExecRecords {
  struct Exec {
    Pid pid = 0;
    BootTime time{};
  };
  std::vector<Exec> execs{};
  std::vector<ExecutableMapping> mappings{};
  BootTime known_since{};  // some before it have been overwritten
};

// What was executed since `known_since`, in the order of pid and time. An exec maps its program's
// code first (load_elf_binary in fs/binfmt_elf.c), then the interpreter that ELF names: so the
// first file that is mapped after an exec, and before the next, is what is executed, as
// /proc/PID/exe would tell. Of an exec without one, or whose path the kernel could not tell, path
// and file are not known. Pure.
std::vector<TracedProgram> ExecutedFiles(ExecRecords records);

// Two perf events tell of one exec at two times, one right after the other; the proc connector when
// the program has been loaded.
inline constexpr std::chrono::microseconds kExecMoment{20};
inline constexpr std::chrono::milliseconds kExecLoading{50};

// Which of them is the one that `pid` was told to execute at `when`, by whomever, some time after
// it did; null: none.
const TracedProgram* FindExecuted(const std::vector<TracedProgram>& programs, Pid pid,
                                  BootTime when);

}  // namespace procwall
