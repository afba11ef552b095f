// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/owner_search.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "attribution/describe.h"

namespace procwall {

// One walk over /proc.
class OwnerSearch::Walk {
 public:
  Walk(const Procfs& procfs, const Clock& clock, std::span<const Wanted> wanted,
       Thoroughness thoroughness, BootTime deadline);

  // Visits processes until nothing more is wanted; each pid once.
  void Visit(std::span<const Pid> pids);
  // The same with numbers that may be no process: there may be none, or a thread of one.
  void Try(std::span<const Pid> pids);
  // Asks each process for its last descriptor only: where a new socket is, if there are no gaps
  // among them. A hundredth of a visit's cost where processes hold hundreds.
  void VisitLastDescriptors(std::span<const Pid> pids);
  // Looks whether the holders have what they hold from a parent that holds it still, under the same
  // number: the youngest found need not be the one that sends.
  void VisitParents();
  // The processes not yet visited, likeliest first. Numbers are given out in a circle: those above
  // `last_pid` are the oldest.
  std::vector<Pid> Unvisited(Pid last_pid);

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
  void VisitProcess(Pid pid);
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

OwnerSearch::Walk::Walk(const Procfs& procfs, const Clock& clock, std::span<const Wanted> wanted,
                        Thoroughness thoroughness, BootTime deadline)
    : procfs_(procfs), clock_(clock), thoroughness_(thoroughness), deadline_(deadline) {
  for (const Wanted& one : wanted) {
    if (one.inode != 0) targets_.push_back({.wanted = one, .found = {}, .undescribed = false});
  }
  std::ranges::sort(targets_, {}, InodeOf);
  const auto is_same = [](const Target& a, const Target& b) { return InodeOf(a) == InodeOf(b); };
  targets_.erase(std::unique(targets_.begin(), targets_.end(), is_same), targets_.end());
  targets_missing_ = targets_.size();
  satisfied_ = targets_.empty();
  IsLate();
}

bool OwnerSearch::Walk::IsLate() {
  timed_out_ = timed_out_ || clock_.Now() >= deadline_;
  return timed_out_;
}

void OwnerSearch::Walk::Visit(std::span<const Pid> pids) {
  for (const Pid pid : pids) {
    if (IsOver() || IsLate()) return;
    visited_.push_back(pid);
    VisitProcess(pid);
    EndVisit();
  }
}

void OwnerSearch::Walk::Try(std::span<const Pid> pids) {
  for (const Pid pid : pids) {
    if (IsOver() || IsLate()) return;
    if (IsVisited(pid)) continue;
    const auto process = procfs_.OpenProcess(pid);
    if (!process) continue;  // not even visited: it may be on its way into the world
    sightings_.clear();
    if (!LookForTargets(**process) || sightings_.empty()) continue;
    const auto leader = (*process)->Leader();
    if (!leader || IsVisited(*leader)) continue;
    visited_.push_back(*leader);
    VisitProcess(*leader);
    EndVisit();
  }
}

void OwnerSearch::Walk::VisitProcess(Pid pid) {
  const auto process = procfs_.OpenProcess(pid);
  if (!process) {
    const bool gone = process.error().code == Errc::kGone;
    if (gone) gone_.push_back(pid);
    unreadable_ = unreadable_ || !gone;
    return;
  }
  sightings_.clear();
  const Status looked = LookForTargets(**process);
  if (!looked && looked.error().code != Errc::kGone) unreadable_ = true;
  if (!sightings_.empty()) DescribeHolder(**process);
}

Status OwnerSearch::Walk::LookForTargets(const ProcessHandle& process) {
  using Visit = ProcessHandle::Visit;
  constexpr unsigned kDescriptorsPerClock = 64;
  unsigned descriptors = 0;
  return process.VisitDescriptors([&](int fd, Inode inode) {
    if (++descriptors % kDescriptorsPerClock == 0 && IsLate()) return Visit::kStop;
    if (inode == 0) return Visit::kContinue;
    const auto index = FindTarget(inode);
    if (!index) return Visit::kContinue;
    const bool seen = std::ranges::find(sightings_, *index, &Sighting::target) != sightings_.end();
    if (!seen) sightings_.push_back({*index, fd});
    return Visit::kContinue;
  });
}

std::optional<std::size_t> OwnerSearch::Walk::FindTarget(Inode inode) const {
  const auto target = std::ranges::lower_bound(targets_, inode, {}, InodeOf);
  if (target == targets_.end() || target->wanted.inode != inode) return std::nullopt;
  return static_cast<std::size_t>(target - targets_.begin());
}

void OwnerSearch::Walk::DescribeHolder(const ProcessHandle& process) {
  auto description = DescribeProcess(process);
  auto probe = ProcessProbe::Open(process);
  ProcessPtr described;
  if (description) described = std::make_shared<const Process>(std::move(description->process));
  for (const Sighting& sighting : sightings_) {
    Target& target = targets_[sighting.target];
    if (IsHolder(target, process.GetPid())) continue;
    // Seen again after the description: so the program that was described holds it.
    if (!description || !probe || (*probe)->SocketAt(sighting.fd) != target.wanted.inode) {
      const bool gone = description ? true : description.error().code == Errc::kGone;
      target.found.holder_vanished = target.found.holder_vanished || gone;
      target.undescribed = true;
      continue;
    }
    if (target.found.holders.size() == kMaxHolders) {
      target.undescribed = true;
      continue;
    }
    if (target.found.holders.empty()) --targets_missing_;
    target.found.holders.push_back({.probe = *probe,
                                    .fd = sighting.fd,
                                    .socket_uid = target.wanted.uid,
                                    .stamp = description->stamp,
                                    .process = described});
    if (holder_pids_.empty() || holder_pids_.back() != process.GetPid()) {
      holder_pids_.push_back(process.GetPid());
    }
  }
}

void OwnerSearch::Walk::VisitLastDescriptors(std::span<const Pid> pids) {
  constexpr unsigned kProcessesPerClock = 16;
  unsigned processes = 0;
  for (const Pid pid : pids) {
    if (IsOver() || (++processes % kProcessesPerClock == 0 && IsLate())) return;
    const auto process = procfs_.OpenProcess(pid);
    if (!process) continue;
    const int last = (*process)->DescriptorCount() - 1;
    const auto inode = last < 0 ? std::nullopt : (*process)->SocketAt(last);
    const auto target = inode ? FindTarget(*inode) : std::nullopt;
    if (!target) continue;
    sightings_.assign(1, {*target, last});
    DescribeHolder(**process);
    EndVisit();
  }
}

void OwnerSearch::Walk::VisitParents() {
  constexpr std::size_t kMaxGenerations = 4;
  for (std::size_t index = 0; index < targets_.size(); ++index) {
    std::vector<Holder>& holders = targets_[index].found.holders;
    for (std::size_t i = 0; i < holders.size() && i < kMaxGenerations; ++i) {
      const Pid parent = holders[i].process->parent_pid;
      const int fd = holders[i].fd;
      const bool known = std::ranges::any_of(
          holders, [parent](const Holder& holder) { return holder.process->id.pid == parent; });
      if (parent <= 0 || known || IsLate()) continue;
      const auto process = procfs_.OpenProcess(parent);
      if (!process || (*process)->SocketAt(fd) != targets_[index].wanted.inode) continue;
      sightings_.assign(1, {index, fd});
      DescribeHolder(**process);
    }
  }
}

std::vector<Pid> OwnerSearch::Walk::Unvisited(Pid last_pid) {
  if (IsOver()) return {};
  const auto listed = procfs_.Pids();
  if (!listed) {
    unreadable_ = true;
    return {};
  }
  std::vector<Pid> visited = visited_;
  std::ranges::sort(visited);
  std::vector<Pid> likely;
  std::vector<Pid> others;
  for (const Pid pid : *listed) {
    if (std::ranges::binary_search(visited, pid)) continue;
    const std::optional<Uid> owner = procfs_.OwnerUid(pid);
    const bool same_uid = std::ranges::any_of(
        targets_, [&](const Target& target) { return target.wanted.uid == owner; });
    (same_uid ? likely : others).push_back(pid);
  }
  const auto younger = [last_pid](Pid left, Pid right) {
    const bool left_wrapped = left > last_pid;
    const bool right_wrapped = right > last_pid;
    return left_wrapped != right_wrapped ? right_wrapped : left > right;
  };
  std::ranges::sort(likely, younger);
  std::ranges::sort(others, younger);
  likely.insert(likely.end(), others.begin(), others.end());
  return likely;
}

std::vector<OwnerSearch::Found> OwnerSearch::Walk::Take(std::span<const Wanted> wanted) {
  for (Target& target : targets_) {
    target.found.inode = target.wanted.inode;
    target.found.timed_out = timed_out_;
    target.found.all_holders_known = complete_ && !unreadable_ && !target.undescribed;
  }
  std::vector<Found> found;
  found.reserve(wanted.size());
  for (const Wanted& one : wanted) {
    const auto target = std::ranges::lower_bound(targets_, one.inode, {}, InodeOf);
    found.push_back(one.inode != 0 ? target->found : Found{});
  }
  return found;
}

OwnerSearch::OwnerSearch(const Procfs& procfs, const Clock& clock)
    : procfs_(procfs), clock_(clock) {}

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
  Walk walk(procfs_, clock_, wanted, thoroughness, deadline);
  const Pid last_pid = procfs_.LastPid().value_or(std::numeric_limits<Pid>::max());
  walk.Visit(recent_);
  walk.Try(Newborn(last_pid));
  std::vector<Pid> unvisited = walk.Unvisited(last_pid);
  walk.VisitLastDescriptors(unvisited);
  // The second round is for those that were born during the first: they may have inherited it.
  for (int round = 0; round < 2 && !walk.IsOver(); ++round) {
    if (round > 0) unvisited = walk.Unvisited(last_pid);
    walk.Visit(unvisited);
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
