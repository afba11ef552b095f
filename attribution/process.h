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

// A file, whatever its names: what makes two paths the same program.
struct FileId {
  std::uint64_t device = 0;  // as stat(2) tells it; 0: not known
  std::uint64_t inode = 0;

  bool IsKnown() const { return inode != 0; }
  friend bool operator==(const FileId&, const FileId&) = default;
};

// Which program of a process is meant: a process executes several, one after the other.
struct ProgramOfProcess {
  ProcessId id;
  std::uint64_t exec_number = 0;  // the kernel's count for this process; 0: not told
  FileId executable{};            // not known: not compared

  friend bool operator==(const ProgramOfProcess&, const ProgramOfProcess&) = default;
};

// What became of the file that a process executed, as this host sees it.
enum class ExecutableState : std::uint8_t {
  kUnknown,   // it could not be looked at (the process is gone)
  kSame,      // `path` still leads to that very file
  kDeleted,   // the file has no name any more
  kReplaced,  // another file took its name since exec: an old version is running
  kMemory,    // it never had a name (memfd)
  kForeign,   // `path` holds in the process's own mounts only (container, chroot, bind mount); here
              // it leads to another file or nowhere
};
const char* ExecutableStateName(ExecutableState state);  // "same", ...

// What a process is, as /proc told it at one moment. All texts are as the kernel gives them: any
// bytes but NUL.
struct Process {
  ProcessId id;
  Pid parent_pid = 0;
  Uid uid = 0;         // effective
  std::string path{};  // target of /proc/PID/exe without " (deleted)"; empty for a kernel thread
  bool path_is_deleted = false;  // the file was removed or replaced since exec
  FileId executable{};           // that file
  ExecutableState executable_state = ExecutableState::kUnknown;
  std::string script{};  // the file that an interpreter runs, absolute; empty: none, or not known
  std::string container{};          // its id; empty: none
  std::string unit{};               // systemd's unit, "cups.service"; empty: none
  std::vector<std::string> args{};  // argv as it is now: the process can change it
  std::string working_directory{};
  std::string comm{};                 // thread name: the process can change it
  std::vector<Ancestor> ancestors{};  // parent first; at most kMaxAncestors

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
