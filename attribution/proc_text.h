// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attribution/process.h"
#include "attribution/socket_entry.h"
#include "base/result.h"

namespace procwall {

// The texts of /proc, proc(5): total functions over whatever bytes are there. A process chooses its
// own name and arguments, so these are input from strangers.

// What changes when a process executes another program: its start time, and where exec put the new
// program's code, stack and arguments, which the kernel draws anew by every exec. Without address
// space randomisation, executing the same program again with equally long arguments leaves it
// unchanged. The kernel shows addresses to those who may ptrace the process, others see zeros.
struct ExecStamp {
  std::uint64_t start_time = 0;   // field 22, clock ticks since boot
  std::uint64_t start_code = 0;   // field 26
  std::uint64_t end_code = 0;     // field 27
  std::uint64_t start_stack = 0;  // field 28
  std::uint64_t arg_start = 0;    // field 48
  std::uint64_t arg_end = 0;      // field 49

  friend bool operator==(const ExecStamp&, const ExecStamp&) = default;
};

// /proc/PID/stat. `comm` points into the text; it may hold blanks, newlines and parentheses.
struct StatText {
  Pid pid = 0;
  std::string_view comm;
  char state = '?';  // 'R', 'S', ... 'Z': its main thread is dead
  Pid parent_pid = 0;
  std::uint32_t flags = 0;  // PF_* of <linux/sched.h> in the kernel
  ExecStamp stamp;

  bool IsKernelThread() const { return (flags & 0x00200000U) != 0; }  // PF_KTHREAD

  friend bool operator==(const StatText&, const StatText&) = default;
};
Result<StatText> ParseStat(std::string_view text);

// /proc/PID/status: the effective uid. Names are escaped there, so every line is a field.
Result<Uid> ParseStatusUid(std::string_view text);

// /proc/PID/status: the process that a thread belongs to; itself for a process.
Result<Pid> ParseStatusLeader(std::string_view text);

// /proc/loadavg: the number that was given to a process or thread last.
Result<Pid> ParseLoadavgLastPid(std::string_view text);

// /proc/PID/cmdline: each argument ends with a NUL; a process that overwrote its arguments may have
// left none. At most kMaxArguments, the rest is left out.
inline constexpr std::size_t kMaxArguments = 4096;
std::vector<std::string> ParseCmdline(std::string_view text);

// The target of an fd link: the inode of "socket:[N]", nullopt for everything else.
std::optional<Inode> ParseSocketLink(std::string_view target);

// A name in /proc or /proc/PID/fd that is a number: a pid or a descriptor.
std::optional<int> ParseNumberName(std::string_view name);

// The target of an exe link without the kernel's " (deleted)".
struct ExeTarget {
  std::string_view path;
  bool deleted = false;

  friend bool operator==(const ExeTarget&, const ExeTarget&) = default;
};
ExeTarget ParseExeTarget(std::string_view target);

}  // namespace procwall
