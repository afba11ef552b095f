// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/owner_search.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "attribution/owner_walk.h"

namespace procwall {

OwnerSearch::OwnerSearch(const Procfs& procfs, const Clock& clock)
    : procfs_(procfs), clock_(clock), last_pid_(procfs.LastPid().value_or(0)) {}

// The numbers given out since the last walk, youngest first; the youngest kMaxNewborn if those are
// more, or if it is not known.
std::vector<Pid> OwnerSearch::Newborn(Pid last_pid) {
  std::vector<Pid> newborn;
  if (last_pid == std::numeric_limits<Pid>::max()) return newborn;
  const bool wrapped = last_pid < last_pid_;
  const Pid oldest = std::max(wrapped ? 1 : last_pid_ + 1, last_pid - kMaxNewborn + 1);
  for (Pid pid = last_pid; pid >= oldest; --pid) newborn.push_back(pid);
  last_pid_ = last_pid;
  return newborn;
}

std::vector<OwnerSearch::Found> OwnerSearch::Find(std::span<const Wanted> wanted,
                                                  Thoroughness thoroughness, BootTime deadline) {
  OwnerWalk walk(procfs_, clock_, wanted, thoroughness, deadline);
  const Pid last_pid = procfs_.LastPid().value_or(std::numeric_limits<Pid>::max());
  walk.Visit(recent_);
  walk.Try(Newborn(last_pid));
  std::vector<Pid> unvisited = walk.Unvisited(last_pid);
  walk.VisitLastDescriptors(unvisited);
  // The second round is for those that were born during the first: they may have inherited it.
  for (int round = 0; round < 2 && !walk.IsOver(); ++round) {
    if (round > 0) unvisited = walk.Unvisited(last_pid);
    walk.Visit(walk.OwnersFirst(std::move(unvisited)));
  }
  if (!walk.IsOver()) walk.MarkComplete();
  walk.VisitParents();
  std::vector<Pid> recent = walk.HolderPids();
  for (const Pid pid : recent_) {
    const bool listed = std::ranges::find(recent, pid) != recent.end();
    if (!listed && !walk.IsGone(pid)) recent.push_back(pid);
  }
  recent.resize(std::min(recent.size(), kMaxRecent));
  recent_ = std::move(recent);
  return walk.Take(wanted);
}

}  // namespace procwall
