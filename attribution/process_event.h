// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "attribution/process.h"
#include "base/clock.h"

namespace procwall {

// What the kernel tells of processes, by the witness or by the proc connector. All texts are any
// bytes but NUL. `id.start_time` is 0 where the source does not tell it (the proc connector).

// A process was made: it runs what its parent runs. Threads are not told of.
struct ProcessForked {
  ProcessId id{};
  ProcessId parent{};
};

// A process runs another program from now on. What is empty was not told: /proc knows, while it
// lives.
struct ProcessExecuted {
  ProcessId id{};
  ProcessId parent{};
  std::uint64_t exec_number = 0;  // task->self_exec_id, which a child inherits; 0: not told
  std::optional<Uid> uid{};       // effective, after the exec
  FileId executable{};
  std::string path{};        // as /proc/PID/exe would show it to the initial mount namespace's root
  bool path_is_cut = false;  // it was too long: only its end is here
  std::vector<std::string> args{};
  bool args_are_cut = false;
  bool by_descriptor = false;   // through one that was open: fexecve(3); the witness alone tells
  std::uint64_t cgroup_id = 0;  // 0: not told
};

// A process became another user's (the proc connector tells; the witness does not).
struct ProcessChangedUser {
  ProcessId id{};
  Uid uid = 0;  // effective
};

// The last thread of a process ended.
struct ProcessExited {
  ProcessId id{};
  std::int32_t status = 0;  // as wait(2) would tell it
};

// Some events were lost: what is known of processes must be compared with /proc.
struct ProcessEventsLost {
  std::uint64_t count = 0;  // 0: not known how many
};

struct ProcessEvent {
  BootTime time{};
  std::variant<ProcessForked, ProcessExecuted, ProcessChangedUser, ProcessExited, ProcessEventsLost>
      what;
};

}  // namespace procwall
