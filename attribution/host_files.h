// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "attribution/file_id.h"
#include "attribution/mount_table.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace procwall {

// What statx(2) tells of a file without asking another machine for it.
struct FileFacts {
  FileId file;              // not known: the file system refuses us (FUSE)
  std::uint64_t mount = 0;  // through which it was reached (Linux 5.8); 0: not known
  bool is_directory = false;
  bool is_link = false;

  friend bool operator==(const FileFacts&, const FileFacts&) = default;
};
// The file that `path` leads to; an empty path: `directory_fd` itself, which may be O_PATH.
Result<FileFacts> ReadFileFacts(int directory_fd, const char* path);

// What a path leads to on this host.
struct HostFile {
  enum class What : std::uint8_t {
    kFile,
    kNothing,     // there is none
    kCannotTell,  // looking would wait for a file system that may not answer, or it refuses us
  };
  What what = What::kCannotTell;
  FileFacts facts;  // kFile: of it; kNothing: of the last directory on the way that there is
};

// The files of this host: in the mounts of process 1 where we may look (a daemon may have mounts of
// its own), else in ours. A lookup neither starts an automount nor waits for another machine or a
// user's file system: it takes what the kernel has cached (Linux 5.12), and only enters mounts of
// local file systems for the rest. These may have to read a disk: not for the packet thread. Opened
// for one process or a few, since mounts change; who keeps them longer says ForgetMounts() before
// each use. Thread rule: one thread only.
class HostFiles {
 public:
  // `procfs_fd`: an open /proc.
  static Result<HostFiles> Open(int procfs_fd);
  // As the process sees them whose /proc/PID directory this is.
  static Result<HostFiles> OpenOf(UniqueFd process);

  // From here on Mounts() and LookUp() go by what is mounted now.
  void ForgetMounts();
  // `path` is absolute.
  HostFile LookUp(const std::string& path);
  // The mounts that this host's paths go through.
  const std::vector<Mount>& Mounts();
  // The user namespace whose root may change these mounts, by the inode of its file (Linux 4.9).
  Result<std::uint64_t> OwnerOfMounts() const;

 private:
  class Walk;
  HostFiles(UniqueFd process, UniqueFd root)
      : process_(std::move(process)), root_(std::move(root)) {}
  static Result<HostFiles> OpenOfFirst(int procfs_fd);
  std::optional<HostFile> LookUpCached(const std::string& path);

  UniqueFd process_;           // its /proc/PID
  UniqueFd root_;              // of it
  std::vector<Mount> mounts_;  // once they were read
  bool mounts_read_ = false;
};

}  // namespace procwall
