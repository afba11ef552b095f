// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <utility>
#include <vector>

#include "base/clock.h"
#include "daemon/counters.h"
#include "daemon/event_log.h"
#include "daemon/judgement.h"
#include "daemon/walk.h"

namespace procwall {

// What was decided, until it is counted and told: nobody waits for that, so the kernel gets its
// answers first. Thread rule: one packet thread. The references must outlive it.
class DecisionReport {
 public:
  DecisionReport(EventLog& events, Counters& counters, const Clock& clock)
      : events_(events), counters_(counters), clock_(clock) {}

  // `done`: what was done with its packet.
  void Add(Walk&& walk, Judgement judged, RuleAction done) {
    decided_.push_back({std::move(walk), std::move(judged), done});
  }
  // Tells of all that was added since the last time.
  void Tell();

 private:
  struct Decided {
    Walk walk;
    Judgement judged;
    RuleAction done;
  };
  void Count(const Decided& decided, WallTime wall_now);
  void Append(Decided decided, BootTime now, WallTime wall_now);

  EventLog& events_;
  Counters& counters_;
  const Clock& clock_;
  std::vector<Decided> decided_;
};

}  // namespace procwall
