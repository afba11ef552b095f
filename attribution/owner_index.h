// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "attribution/attribution.h"
#include "attribution/procfs.h"

namespace procwall {

// A process that holds a socket, and where.
struct Holder {
  ProcessHandlePtr handle;
  int fd = -1;
  ExecStamp stamp;     // when `process` was described
  ProcessPtr process;  // as described at `stamp`
};

// What the packet thread knows about who holds which socket: inodes that were looked up before, and
// the processes that used the network lately, whose next descriptors can be guessed (descriptors
// are given out lowest first). Every answer is verified against /proc at the moment of use by a
// bounded number of reads that cannot block: nothing remembered is ever believed. A process that
// has executed another program since it was described is not recalled. Limits: kMaxProcesses
// processes, kMaxInodes inodes (least recently used go first), kMaxProbes reads a call. Thread
// rule: one thread only.
class OwnerIndex {
 public:
  static constexpr std::size_t kMaxProcesses = 256;
  static constexpr std::size_t kMaxInodes = 16384;
  static constexpr int kMaxProbes = 32;

  OwnerIndex();
  ~OwnerIndex();
  OwnerIndex(const OwnerIndex&) = delete;
  OwnerIndex& operator=(const OwnerIndex&) = delete;

  struct Recalled {
    ProcessPtr process;
    HolderSource source = HolderSource::kNone;  // kIndex or kGuess
  };
  // A process that holds this socket now. nullopt: ask the finder.
  std::optional<Recalled> Recall(Inode inode, Uid socket_uid);

  // What the finder found out.
  void Learn(Inode inode, const Holder& holder);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace procwall
