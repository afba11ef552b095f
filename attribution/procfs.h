// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "attribution/process.h"
#include "attribution/socket_entry.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace procwall {

// What changes when a process executes another program: a cheap fingerprint of its address space,
// taken from /proc/PID/task/PID/stat (start_stack, arg_start, ... are drawn anew by every exec) and
// its start time.
struct ExecStamp {
  std::uint64_t start_time = 0;
  std::uint64_t start_code = 0;
  std::uint64_t start_stack = 0;
  std::uint64_t arg_start = 0;

  friend bool operator==(const ExecStamp&, const ExecStamp&) = default;
};

// One process, pinned: an open /proc/PID directory answers kGone once that process is dead, never
// for another process that got its pid. Immutable. Thread rule: const methods from any thread.
class ProcessHandle {
 public:
  ProcessHandle(Pid pid, UniqueFd directory) : pid_(pid), directory_(std::move(directory)) {}

  Pid GetPid() const { return pid_; }

  // The inode of the socket that descriptor `fd` is; nullopt when it is none (any more). One
  // readlink, no blocking.
  std::optional<Inode> SocketAt(int fd) const;
  // Target of the exe link as the kernel gives it (" (deleted)" included). One readlink, no
  // blocking.
  Result<std::string> ExeLink() const;
  // One read of /proc/PID/task/PID/stat, no blocking.
  Result<ExecStamp> Stamp() const;
  // Effective uid: of the /proc/PID directory.
  Result<Uid> OwnerUid() const;

  // Every (descriptor, inode) of this process that is a socket. As long as its table: never on the
  // packet thread.
  struct SocketFd {
    int fd = -1;
    Inode inode = 0;
  };
  Result<std::vector<SocketFd>> SocketFds() const;

  // Everything /proc says. May block on the process's memory: never on the packet thread.
  Result<Process> Describe() const;

 private:
  Pid pid_;
  UniqueFd directory_;
};
using ProcessHandlePtr = std::shared_ptr<const ProcessHandle>;

// A /proc tree. Tests hand it a folder. Thread rule: const methods from any thread.
class Procfs {
 public:
  static Result<Procfs> Open(const char* root = "/proc");

  Result<std::vector<Pid>> Pids() const;  // in directory order
  Result<ProcessHandlePtr> OpenProcess(Pid pid) const;

 private:
  explicit Procfs(UniqueFd root) : root_(std::move(root)) {}
  UniqueFd root_;
};

}  // namespace procwall
