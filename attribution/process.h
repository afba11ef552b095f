// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/connection.h"

namespace procwall {

using Pid = std::int32_t;

// A process: a pid is reused, {pid, start time} is not.
struct ProcessId {
  Pid pid = 0;
  std::uint64_t start_time = 0;  // /proc/PID/stat field 22: clock ticks since boot

  friend constexpr bool operator==(const ProcessId&, const ProcessId&) = default;
  friend constexpr auto operator<=>(const ProcessId&, const ProcessId&) = default;
};

// An ancestor, for display and rules.
struct Ancestor {
  Pid pid = 0;
  std::string path;  // empty when it cannot be read (a kernel thread)

  friend bool operator==(const Ancestor&, const Ancestor&) = default;
};

// What a process is, as /proc told it at one moment. All texts are as the kernel gives them: any
// bytes but NUL.
struct Process {
  ProcessId id;
  Pid parent_pid = 0;
  Uid uid = 0;       // effective
  std::string path;  // target of /proc/PID/exe without " (deleted)"; empty for a kernel thread
  bool path_is_deleted = false;   // the file was removed or replaced since exec
  std::vector<std::string> args;  // argv as it is now: the process can change it
  std::string working_directory;
  std::string comm;                 // thread name: the process can change it
  std::vector<Ancestor> ancestors;  // parent first; at most kMaxAncestors

  // The arguments joined by one blank, as OpenSnitch's process.command compares them.
  std::string CommandLine() const;

  friend bool operator==(const Process&, const Process&) = default;
};
inline constexpr std::size_t kMaxAncestors = 16;

using ProcessPtr = std::shared_ptr<const Process>;

}  // namespace procwall

template <>
struct std::hash<procwall::ProcessId> {
  std::size_t operator()(const procwall::ProcessId& id) const noexcept {
    return std::hash<std::uint64_t>{}(id.start_time * 4194304U +
                                      static_cast<std::uint32_t>(id.pid));
  }
};
