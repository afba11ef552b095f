// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "attribution/file_id.h"
#include "base/shared_list.h"
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
  std::string path;  // as RulePath() tells it; empty when it cannot be read (a kernel thread)

  friend bool operator==(const Ancestor&, const Ancestor&) = default;
};

// Which program of a process is meant: a process executes several, one after the other.
struct ProgramOfProcess {
  ProcessId id{};                 // a start time of 0: not told, the latest of that pid
  std::uint64_t exec_number = 0;  // task->self_exec_id, which a child inherits; 0: not told
  FileId executable{};            // as FileIdOfKernel() or stat(2) tell it; not known: not compared

  friend bool operator==(const ProgramOfProcess&, const ProgramOfProcess&) = default;
};

// What became of the file that a process executed, as this host sees it.
enum class ExecutableState : std::uint8_t {
  kUnknown,     // it could not be looked at; the path is the kernel's, in mounts of this host
  kUnverified,  // not looked at yet: the path may be a user's bind mount over another file
  kSame,        // `path` still leads to that very file
  kDeleted,     // the file has no name any more
  kReplaced,    // another file took its name since exec: an old version is running
  kMemory,      // it never had a name (memfd)
  kForeign,   // `path` holds in the process's own mounts only (container, chroot, bind mount); here
              // it leads nowhere
  kNamesake,  // likewise, but here it leads to another file, or nobody can tell
};
const char* ExecutableStateName(ExecutableState state);  // "same", ...

// What a process is, as /proc told it at one moment. All texts are as the kernel gives them: any
// bytes but NUL.
struct Process {
  ProcessId id{};
  Pid parent_pid = 0;
  Uid uid = 0;         // effective
  std::string path{};  // target of /proc/PID/exe without " (deleted)"; empty for a kernel thread.
                       // For rules and people: RulePath()
  bool path_is_deleted = false;  // the file was removed or replaced since exec
  FileId executable{};           // that file
  ExecutableState executable_state = ExecutableState::kUnknown;
  // It was executed through an open descriptor (fexecve(3)), not by a name. False: or nobody told.
  bool executed_by_descriptor = false;
  // The file that an interpreter was told to run, as ScriptOf() finds it in the arguments; empty:
  // none, or not known. Evidence, not identity: a process can change its arguments.
  std::string script{};
  std::string container{};            // its id or name; empty: none (see ParseCgroup)
  std::string unit{};                 // systemd's: "cups.service"; empty: none (see ParseCgroup)
  std::uint64_t mount_namespace = 0;  // of kForeign and kNamesake; 0: not asked for
  SharedList<std::string> args{};     // argv as it is now: the process can change it
  std::string working_directory{};
  std::string comm{};                // thread name: the process can change it
  SharedList<Ancestor> ancestors{};  // parent first; at most kMaxAncestors
  // It was gone before anybody could look: of script, args, container and unit nothing is known.
  bool only_program_is_known = false;

  // The arguments joined by one blank, as OpenSnitch's process.command compares them.
  std::string CommandLine() const;

  friend bool operator==(const Process&, const Process&) = default;
};
inline constexpr std::size_t kMaxAncestors = 16;

using ProcessPtr = std::shared_ptr<const Process>;

// The path that rules compare and people see. It is `path`, except where that would be taken for
// the host's program of that name (kNamesake): then it begins with the container, or else with the
// mount namespace, "mnt-4026532345:/usr/bin/curl", so that it is no path of this host.
std::string RulePath(const Process& process);

}  // namespace procwall

template <>
struct std::hash<procwall::ProcessId> {
  std::size_t operator()(const procwall::ProcessId& id) const noexcept {
    return std::hash<std::uint64_t>{}(id.start_time * 4194304U +
                                      static_cast<std::uint32_t>(id.pid));
  }
};
