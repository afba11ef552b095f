// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <set>
#include <string>
#include <vector>

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

// Follows a directory, and all directories on the way to it, so that it is found again after it or
// one of those was replaced (`mv`, a symbolic link turned around). <sys/inotify.h>. What lies
// behind symbolic links inside the directory is not followed, nor is what is above the target of
// one on the way, nor a directory on the way that this process may not read. Thread rule: one
// thread only.
class DirectoryWatch {
 public:
  // The directory itself may be missing, the one it is in may not: not yet.
  static Result<DirectoryWatch> Create(const std::string& directory);

  int UnsafeFd() const { return inotify_.UnsafeFd(); }

  // Everything that has happened; never blocks. When the directory itself or the way to it changed,
  // what is at its path now, or comes there, is followed from here on.
  DirectoryChanges Drain();

 private:
  // A directory on the way, and the name in it that leads on.
  struct Step {
    std::string path;
    std::string next;
    int watch = -1;  // -1: it is not there
  };

  DirectoryWatch(UniqueFd inotify, std::string directory);
  Status Follow();
  std::set<int> Watches() const;
  void Note(int watch, unsigned mask, const std::string& name, DirectoryChanges& changes);
  bool NeedsReading(unsigned mask, const std::string& name) const;

  UniqueFd inotify_;
  std::string directory_;
  std::vector<Step> steps_;   // from the root, or where a relative path begins, to the parent
  int directory_watch_ = -1;  // -1: the directory is not there
};

}  // namespace procwall
