// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <set>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace procwall {

// What happened in a directory since it was asked last.
struct DirectoryChanges {
  std::set<std::string> files;     // names written, moved, removed or made readable
  bool anything = false;           // the kernel lost count: look at everything
  bool directory_changed = false;  // the directory itself was moved, removed or put there

  bool None() const { return files.empty() && !anything && !directory_changed; }
};

// Follows a directory, and the directory it is in, so that it is found again after it was replaced
// (`mv`, a symbolic link turned around). <sys/inotify.h>. What lies behind symbolic links inside
// the directory is not followed. Thread rule: one thread only.
class DirectoryWatch {
 public:
  // The directory itself may be missing, the one it is in may not.
  static Result<DirectoryWatch> Create(const std::string& directory);

  int UnsafeFd() const { return inotify_.UnsafeFd(); }

  // Everything that has happened; never blocks. When the directory itself changed, what is at its
  // path now is followed from here on.
  DirectoryChanges Drain();

 private:
  DirectoryWatch(UniqueFd inotify, std::string directory);
  Status FollowParent();
  void FollowDirectory();
  void Note(int watch, unsigned mask, const std::string& name, DirectoryChanges& changes);
  bool NeedsReading(unsigned mask, const std::string& name) const;

  UniqueFd inotify_;
  std::string directory_;
  std::string parent_;
  std::string base_name_;
  int parent_watch_ = -1;
  int directory_watch_ = -1;  // -1: the directory is not there
};

}  // namespace procwall
