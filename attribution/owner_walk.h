// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "attribution/owner_search.h"

namespace procwall {

// One walk over /proc for OwnerSearch, which tells it whom to visit in which order. Thread rule:
// one thread only; everything referred to must outlive it.
class OwnerWalk {
 public:
  using Wanted = OwnerSearch::Wanted;
  using Found = OwnerSearch::Found;
  using Thoroughness = OwnerSearch::Thoroughness;

  OwnerWalk(const Procfs& procfs, const Clock& clock, std::span<const Wanted> wanted,
            Thoroughness thoroughness, BootTime deadline);

  // Visits processes until nothing more is wanted; each pid once.
  void Visit(std::span<const Pid> pids);
  // The same with numbers that may be no process: there may be none, or a thread of one, which is
  // then visited, once for all of its threads.
  void Try(std::span<const Pid> pids);
  // Asks each process for its last descriptor only: where a new socket is, if there are no gaps
  // among them. Two system calls for each; a hundredth of a visit where processes hold hundreds.
  void VisitLastDescriptors(std::span<const Pid> pids);
  // Looks whether the holders have what they hold from a parent that holds it still, under the same
  // number: the youngest found need not be the one that sends.
  void VisitParents();
  // The processes not yet visited, the youngest first. Numbers are given out in a circle: those
  // above `last_pid` are the oldest.
  std::vector<Pid> Unvisited(Pid last_pid);
  // The same, those of a wanted socket's uid before the others. A system call for each.
  std::vector<Pid> OwnersFirst(std::vector<Pid> pids) const;

  bool IsOver() const { return satisfied_ || timed_out_; }
  // Every process there was has been looked at.
  void MarkComplete() { complete_ = true; }
  const std::vector<Pid>& HolderPids() const { return holder_pids_; }
  bool IsGone(Pid pid) const { return std::ranges::find(gone_, pid) != gone_.end(); }
  std::vector<Found> Take(std::span<const Wanted> wanted);

 private:
  struct Sighting {
    std::size_t target = 0;  // in targets_
    int fd = -1;
  };
  // A wanted socket; asked for twice, it is one target.
  struct Target {
    Wanted wanted;
    Found found;
    bool undescribed = false;
  };
  static Inode InodeOf(const Target& target) { return target.wanted.inode; }

  static bool IsHolder(const Target& target, Pid pid) {
    return std::ranges::any_of(target.found.holders, [pid](const Holder& holder) {
      return holder.process->id.pid == pid;
    });
  }
  // False: it holds nothing that is wanted, or is gone.
  bool VisitProcess(Pid pid);
  bool IsVisited(Pid pid) const { return std::ranges::find(visited_, pid) != visited_.end(); }
  void EndVisit() {
    satisfied_ = targets_missing_ == 0 && thoroughness_ == Thoroughness::kFirstHolder;
  }
  Status LookForTargets(const ProcessHandle& process);
  std::optional<std::size_t> FindTarget(Inode inode) const;
  void DescribeHolder(const ProcessHandle& process);
  bool IsLate();

  const Procfs& procfs_;
  const Clock& clock_;
  Thoroughness thoroughness_;
  BootTime deadline_;
  std::vector<Target> targets_;  // by inode
  std::vector<Sighting> sightings_;
  std::vector<Pid> visited_;
  std::vector<Pid> gone_;  // of visited_
  std::vector<Pid> holder_pids_;
  std::size_t targets_missing_ = 0;
  bool satisfied_ = false;
  bool timed_out_ = false;
  bool complete_ = false;
  bool unreadable_ = false;  // there was a process that we may not look at
};

}  // namespace procwall
