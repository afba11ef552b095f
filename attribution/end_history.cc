// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/end_history.h"

#include <algorithm>
#include <functional>
#include <string>

namespace procwall {

std::size_t EndHistory::HashOf(const Process& process) {
  return std::max<std::size_t>(std::hash<std::string>{}(RulePath(process)), 1);
}

void EndHistory::Note(Pid pid, const Process* described, BootTime when) {
  End end{.pid = pid, .when = when};
  if (described != nullptr) {
    end.program = HashOf(*described);
    std::size_t count = 0;
    for (const Ancestor& ancestor : described->ancestors) {
      if (count == end.ancestors.size()) break;
      end.ancestors[count++] = ancestor.pid;
    }
    if (count == 0) end.ancestors[0] = described->parent_pid;
  }
  if (last_.size() < kCapacity) {
    last_.push_back(end);
    return;
  }
  // What is overwritten is the oldest, but for what came late.
  ForgetBefore(last_[next_].when + BootClock::duration(1));
  last_[next_] = end;
  next_ = (next_ + 1) % kCapacity;
}

void EndHistory::ForgetBefore(BootTime when) { known_since_ = std::max(known_since_, when); }

bool EndHistory::IsKin(const End& end, const Process& holder, Kinship kinship) {
  if (std::ranges::find(end.ancestors, holder.id.pid) != end.ancestors.end()) return true;
  if (kinship == Kinship::kDescendants) return false;
  return end.pid == holder.parent_pid ||
         std::ranges::any_of(holder.ancestors,
                             [&](const Ancestor& ancestor) { return ancestor.pid == end.pid; });
}

bool EndHistory::MayKinHaveEndedSince(const Process& holder, Kinship kinship,
                                      BootTime since) const {
  if (since < known_since_) return true;
  const std::size_t program = HashOf(holder);
  const auto has_ended = [&](Pid pid) {
    return std::ranges::any_of(last_, [pid](const End& end) { return end.pid == pid; });
  };
  // A grandchild got it through somebody who, if alive, is asked whether he holds it himself.
  const auto came_by_the_living = [&](const End& end) {
    const auto at = std::ranges::find(end.ancestors, holder.id.pid);
    if (at == end.ancestors.end()) return false;
    return !std::all_of(end.ancestors.begin(), at, has_ended);
  };
  return std::ranges::any_of(last_, [&](const End& end) {
    return end.when >= since && end.program != program && end.pid != holder.id.pid &&
           IsKin(end, holder, kinship) && !came_by_the_living(end);
  });
}

}  // namespace procwall
