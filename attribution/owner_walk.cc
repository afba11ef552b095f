// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/owner_walk.h"

#include <iterator>
#include <memory>
#include <utility>

#include "attribution/describe.h"

namespace procwall {

OwnerWalk::OwnerWalk(const Procfs& procfs, const Clock& clock, std::span<const Wanted> wanted,
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

bool OwnerWalk::IsLate() {
  timed_out_ = timed_out_ || clock_.Now() >= deadline_;
  return timed_out_;
}

void OwnerWalk::Visit(std::span<const Pid> pids) {
  for (const Pid pid : pids) {
    if (IsOver() || IsLate()) return;
    visited_.push_back(pid);
    VisitProcess(pid);
    EndVisit();
  }
}

void OwnerWalk::Try(std::span<const Pid> pids) {
  std::vector<Pid> tried;
  for (const Pid pid : pids) {
    if (IsOver() || IsLate()) return;
    if (IsVisited(pid)) continue;
    const auto process = procfs_.OpenProcess(pid);
    if (!process) continue;
    const auto leader = (*process)->Leader();
    if (!leader || IsVisited(*leader) || std::ranges::find(tried, *leader) != tried.end()) continue;
    tried.push_back(*leader);
    // Who holds none is not even visited: it may be on its way into the world, and get one.
    if (VisitProcess(*leader)) visited_.push_back(*leader);
    EndVisit();
  }
}

bool OwnerWalk::VisitProcess(Pid pid) {
  const auto process = procfs_.OpenProcess(pid);
  if (!process) {
    const bool gone = process.error().code == Errc::kGone;
    if (gone) gone_.push_back(pid);
    unreadable_ = unreadable_ || !gone;
    return false;
  }
  sightings_.clear();
  const Status looked = LookForTargets(**process);
  if (!looked && looked.error().code != Errc::kGone) unreadable_ = true;
  if (sightings_.empty()) return false;
  DescribeHolder(**process);
  return true;
}

Status OwnerWalk::LookForTargets(const ProcessHandle& process) {
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

std::optional<std::size_t> OwnerWalk::FindTarget(Inode inode) const {
  const auto target = std::ranges::lower_bound(targets_, inode, {}, InodeOf);
  if (target == targets_.end() || target->wanted.inode != inode) return std::nullopt;
  return static_cast<std::size_t>(target - targets_.begin());
}

void OwnerWalk::DescribeHolder(const ProcessHandle& process) {
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
      target.found.unnamed.push_back(process.GetPid());
      continue;
    }
    if (target.found.holders.size() == OwnerSearch::kMaxHolders) {
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

void OwnerWalk::VisitLastDescriptors(std::span<const Pid> pids) {
  constexpr unsigned kProcessesPerClock = 16;
  unsigned processes = 0;
  for (const Pid pid : pids) {
    if (IsOver() || (++processes % kProcessesPerClock == 0 && IsLate())) return;
    const int last = procfs_.DescriptorCount(pid) - 1;
    const auto inode = last < 0 ? std::nullopt : procfs_.SocketAt(pid, last);
    const auto target = inode ? FindTarget(*inode) : std::nullopt;
    if (!target) continue;
    const auto process = procfs_.OpenProcess(pid);
    if (!process) continue;
    sightings_.assign(1, {*target, last});
    DescribeHolder(**process);
    EndVisit();
  }
}

void OwnerWalk::VisitParents() {
  constexpr std::size_t kMaxGenerations = 4;
  for (std::size_t index = 0; index < targets_.size(); ++index) {
    std::vector<Holder>& holders = targets_[index].found.holders;
    for (std::size_t i = 0; i < holders.size() && i < kMaxGenerations; ++i) {
      const Pid parent = holders[i].process->parent_pid;
      const int fd = holders[i].fd;
      const bool known = std::ranges::any_of(
          holders, [parent](const Holder& holder) { return holder.process->id.pid == parent; });
      if (parent <= 0 || known) continue;
      if (IsLate()) {
        targets_[index].found.parents_unasked = true;
        break;
      }
      const auto process = procfs_.OpenProcess(parent);
      if (!process) {
        const bool gone = process.error().code == Errc::kGone;
        targets_[index].found.parents_unasked = targets_[index].found.parents_unasked || !gone;
        continue;
      }
      if ((*process)->SocketAt(fd) != targets_[index].wanted.inode) continue;
      sightings_.assign(1, {index, fd});
      DescribeHolder(**process);
    }
  }
}

std::vector<Pid> OwnerWalk::Unvisited(Pid last_pid) {
  if (IsOver()) return {};
  const auto listed = procfs_.Pids();
  if (!listed) {
    unreadable_ = true;
    return {};
  }
  std::vector<Pid> visited = visited_;
  std::ranges::sort(visited);
  std::vector<Pid> unvisited;
  std::ranges::copy_if(*listed, std::back_inserter(unvisited),
                       [&](Pid pid) { return !std::ranges::binary_search(visited, pid); });
  const auto younger = [last_pid](Pid left, Pid right) {
    const bool left_wrapped = left > last_pid;
    const bool right_wrapped = right > last_pid;
    return left_wrapped != right_wrapped ? right_wrapped : left > right;
  };
  std::ranges::sort(unvisited, younger);
  return unvisited;
}

std::vector<Pid> OwnerWalk::OwnersFirst(std::vector<Pid> pids) const {
  std::stable_partition(pids.begin(), pids.end(), [&](Pid pid) {
    const std::optional<Uid> owner = procfs_.OwnerUid(pid);
    return std::ranges::any_of(targets_,
                               [&](const Target& target) { return target.wanted.uid == owner; });
  });
  return pids;
}

std::vector<OwnerWalk::Found> OwnerWalk::Take(std::span<const Wanted> wanted) {
  for (Target& target : targets_) {
    target.found.inode = target.wanted.inode;
    target.found.timed_out = timed_out_;
    std::erase_if(target.found.unnamed, [&](Pid pid) { return IsHolder(target, pid); });
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

}  // namespace procwall
