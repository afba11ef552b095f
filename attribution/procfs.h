// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "attribution/proc_text.h"
#include "attribution/process.h"
#include "attribution/socket_entry.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace procwall {

// One process, pinned: an open /proc/PID directory answers kGone once that process is dead, never
// for another process that got its pid. A process means its main thread's descriptors: a thread
// that unshared its table (clone without CLONE_FILES) is not seen, nor the threads of a main thread
// that exited. Immutable. Thread rule: const methods from any thread but the packet thread, which
// uses a ProcessProbe.
class ProcessHandle {
 public:
  ProcessHandle(Pid pid, UniqueFd directory) : pid_(pid), directory_(std::move(directory)) {}

  Pid GetPid() const { return pid_; }

  // The inode of the socket that descriptor `fd` is; nullopt when it is none (any more).
  std::optional<Inode> SocketAt(int fd) const;
  // Target of the exe link as the kernel gives it (" (deleted)" included).
  Result<std::string> ExeLink() const;
  // From /proc/PID/task/PID/stat, which is cheaper than /proc/PID/stat: no sum over the threads.
  Result<ExecStamp> Stamp() const;
  // The process that this is a thread of: /proc/TID opens too, though no listing shows it.
  Result<Pid> Leader() const;

  // Shows every descriptor to `visit`, inode 0 when it is no socket, until it asks to stop.
  enum class Visit : unsigned char { kContinue, kStop };
  using DescriptorVisitor = std::function<Visit(int fd, Inode inode)>;
  Status VisitDescriptors(const DescriptorVisitor& visit) const;

  // The open /proc/PID; its ".." is that /proc.
  int UnsafeFd() const { return directory_.UnsafeFd(); }

 private:
  Pid pid_;
  UniqueFd directory_;
};
using ProcessHandlePtr = std::shared_ptr<const ProcessHandle>;

// What the packet thread keeps of a process: two files of it, open, and two questions that are
// answered by one system call each. Neither takes a lock that is held across sleep:
// - SocketAt: readlink of fd/N takes RCU, the task's spinlock, and a reference to the file for some
//   100 ns. If the process closes that socket within them, the close is ours to finish; one with
//   SO_LINGER and unsent data then waits for its peer, until a signal: a thread that must not be
//   held needs a watchdog that sends it one.
// - Stamp: task/PID/stat takes the sighand spinlock, and a reference to the address space for about
//   1 us. If the process dies within it, its pages are ours to free (0.1 us each).
// cmdline, environ, maps and mem take mmap_lock, which a process can hold for as long as it likes;
// cwd takes a path lock and its file system's: none of them is read here. Immutable. Thread rule:
// const methods from any thread.
class ProcessProbe {
 public:
  static Result<std::shared_ptr<const ProcessProbe>> Open(const ProcessHandle& handle);

  ProcessProbe(UniqueFd descriptors, UniqueFd stat)
      : descriptors_(std::move(descriptors)), stat_(std::move(stat)) {}

  std::optional<Inode> SocketAt(int fd) const;
  Result<ExecStamp> Stamp() const;
  // False: it is dead. True: it may live.
  bool MayLive() const;

 private:
  UniqueFd descriptors_;  // /proc/PID/fd
  UniqueFd stat_;         // /proc/PID/task/PID/stat
};
using ProcessProbePtr = std::shared_ptr<const ProcessProbe>;

// A /proc tree. Tests hand it a folder. Thread rule: const methods from any thread.
class Procfs {
 public:
  static Result<Procfs> Open(const char* root = "/proc");

  Result<std::vector<Pid>> Pids() const;  // in directory order
  // The number given to a process or thread last.
  Result<Pid> LastPid() const;
  // kGone when there is no such process.
  Result<ProcessHandlePtr> OpenProcess(Pid pid) const;
  // Questions that need no open process, one system call each. Two of them may be answered for two
  // processes, one of which got the other's pid: good for where to look, not for who it is.
  //
  // Effective uid: the owner of the /proc/PID directory, also where the process is not dumpable.
  std::optional<Uid> OwnerUid(Pid pid) const;
  // How many descriptors are open (Linux 6.2); 0: not told.
  int DescriptorCount(Pid pid) const;
  // As ProcessHandle::SocketAt.
  std::optional<Inode> SocketAt(Pid pid, int fd) const;
  // The open tree.
  int UnsafeFd() const { return root_.UnsafeFd(); }

 private:
  explicit Procfs(UniqueFd root) : root_(std::move(root)) {}
  UniqueFd root_;
};

}  // namespace procwall
