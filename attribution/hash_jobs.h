// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>

#include "attribution/file_hasher.h"
#include "attribution/hashes.h"
#include "base/clock.h"
#include "base/unique_fd.h"

namespace procwall {

// Digests of executables: remembered by the state of their files, kMaxRemembered of them, the least
// recently used go first; and at most kMaxJobs under way, which take turns, so that a large file
// keeps no small one waiting. Thread rule: one thread only.
class HashJobs {
 public:
  static constexpr std::size_t kMaxRemembered = 4096;
  static constexpr std::size_t kMaxJobs = 64;  // each has a file open and a buffer

  // A file that was written in the last second has none yet: it may be written again without
  // another time to show for it, as file systems tell times in steps of some milliseconds.
  static constexpr std::chrono::seconds kSettleTime{1};

  // What is known of a file. Neither: it is being computed.
  struct Answer {
    HashesPtr hashes;     // those that could not be computed are empty
    bool failed = false;  // none can be told now; perhaps later

    bool IsUnderWay() const { return hashes == nullptr && !failed; }
  };
  // The digests of an open file, or a beginning with them. `state` gets what to ask for later.
  Answer Ask(UniqueFd file, HashKinds kinds, WallTime now, FileState& state);
  // Of a file that was asked for.
  Answer Find(const FileState& state, HashKinds kinds);

  bool HasWork() const { return !jobs_.empty(); }
  // Reads one piece of the next file in turn. True: that file is done.
  bool Step();

 private:
  struct Remembered {
    FileState state{};
    HashKinds kinds{};  // that were tried
    HashesPtr hashes{};
  };
  const Remembered* Recall(const FileState& state, HashKinds kinds);
  bool IsUnderWay(const FileState& state, HashKinds kinds) const;
  void Remember(Remembered remembered);

  std::deque<FileHasher> jobs_;
  std::list<Remembered> remembered_;  // most recently used first
  std::unordered_map<FileState, std::list<Remembered>::iterator> by_state_;
};

}  // namespace procwall
