// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>

#include "attribution/host_files.h"
#include "attribution/process.h"
#include "base/result.h"

namespace procwall {

// The file that a process executes, and whether its path means that file on this host too.
struct Executable {
  std::string path;      // without " (deleted)"; empty for a kernel thread
  bool deleted = false;  // the kernel says so
  FileId file;
  ExecutableState state = ExecutableState::kUnknown;
  std::uint64_t mount_namespace = 0;  // of kForeign and kNamesake; 0: not known

  friend bool operator==(const Executable&, const Executable&) = default;
};

// What is known of an executable before its state is concluded.
struct ExecutableFacts {
  bool deleted = false;
  FileFacts file;              // of /proc/PID/exe
  HostFile here;               // what its path leads to on this host
  bool mount_is_here = false;  // it was reached through a mount of this host
  // It was reached through a mount of the process's namespace, in which only those may mount who
  // may here: a service with mounts of its own, say.
  bool mount_is_trusted = false;
};

// A path is believed where the file that it leads to here is the one that is executed; or, when
// that file has lost its name, where nobody but this host's root can have arranged the mount that
// the path goes through. Any user can bind another file over /usr/bin/curl, in a user and mount
// namespace of his own, execute it, and delete it afterwards.
ExecutableState JudgeExecutable(const ExecutableFacts& facts);

// `process_fd`: an open /proc/PID. kGone when it is dead. A dead NFS server makes it wait, if the
// executable itself is there: not for the packet thread.
Result<Executable> ReadExecutable(int process_fd, HostFiles& host);

// The same from what the kernel told of an exec (see FileIdOfKernel), without the process. kSame,
// if that is proved: not on btrfs, where a user can make a file of any number in a subvolume of his
// own. Else kUnverified, and /proc must tell; or, when the process is dead, what is left to
// believe.
enum class ExecutedBy : std::uint8_t { kTheLiving, kTheDead };
ExecutableState VerifyExecuted(const std::string& path, const FileId& kernels, HostFiles& host,
                               ExecutedBy executed_by);

}  // namespace procwall
