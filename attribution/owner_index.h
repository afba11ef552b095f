// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "attribution/attribution.h"
#include "attribution/procfs.h"

namespace procwall {

// A process that holds a socket, and where.
struct Holder {
  ProcessProbePtr probe;
  int fd = -1;
  Uid socket_uid = 0;  // whoever made the socket, or fchown'ed it
  ExecStamp stamp;     // when `process` was described
  ProcessPtr process;  // as described at `stamp`
};

// What the packet thread knows about who holds which socket: inodes that were looked up before, and
// the processes that used the network lately, whose next descriptors can be guessed (see
// DescriptorHistory). Every answer is verified against /proc at the moment of use by a bounded
// number of reads (see ProcessProbe for what they can wait for): nothing remembered is ever
// believed. A process that has executed another program since it was described is not recalled. A
// verified holder need not be the only one: parents and children share sockets, and they can be
// passed on, so that its finder may call it likely, never certain. Limits: kMaxProcesses processes
// (two descriptors each), kMaxInodes inodes (least recently used go first), kMaxProbes reads a
// call. Thread rule: one thread only.
class OwnerIndex {
 public:
  static constexpr std::size_t kMaxProcesses = 256;
  static constexpr std::size_t kMaxInodes = 16384;
  static constexpr int kMaxProbes = 64;
  // Reads in vain after which a process is not guessed at until it is found in another way.
  static constexpr int kPatience = 128;

  OwnerIndex();
  ~OwnerIndex();
  OwnerIndex(const OwnerIndex&) = delete;
  OwnerIndex& operator=(const OwnerIndex&) = delete;

  // For packets that are received together: call it before they are, and from then until the next
  // call a process is asked once, not for every packet, which program it runs. What it runs after
  // the packets were sent, it ran then: a program that was described never comes back. Never
  // called: asked every time.
  void BeginBatch();

  struct Recalled {
    ProcessPtr process;
    HolderSource source = HolderSource::kNone;  // kIndex or kGuess
  };
  // A process that holds this socket now. nullopt: ask the finder.
  std::optional<Recalled> Recall(Inode inode, Uid socket_uid);

  // What the finder found out.
  void Learn(Inode inode, const Holder& holder);

  // Reads of /proc so far, for the metrics.
  std::uint64_t Probes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace procwall
