// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

#include "base/clock.h"
#include "daemon/counters.h"
#include "daemon/fact_gatherer.h"
#include "daemon/lanes.h"
#include "daemon/walk.h"
#include "rules/rule_set.h"

namespace procwall {

// Rules may ask what the description of a program does not tell (digests, package, environment, an
// interface's name): that is found out before they judge, and the packet is parked for it. Thread
// rule: one packet thread, that of `lane`. The references must outlive it.
class FactsLookup {
 public:
  FactsLookup(FactGatherer& gatherer, const Clock& clock, Counters& counters, Lane lane)
      : gatherer_(gatherer), clock_(clock), counters_(counters), lane_(lane) {}

  // What `rules` ask of it. nullopt: the packet is parked, and `walk` is moved from.
  std::optional<PacketsFacts> Find(Walk& walk, const std::shared_ptr<const RuleSet>& rules);

  struct Found {
    Walk walk;
    std::shared_ptr<const RuleSet> rules;  // that asked for it, and will decide
    PacketsFacts facts;
  };
  // A packet that was parked. nullopt: nothing waits for this answer.
  std::optional<Found> Resume(FactsAnswer answer);

  std::size_t Parked() const { return parked_.size(); }

 private:
  struct Undecided {
    Walk walk;
    std::shared_ptr<const RuleSet> rules;
  };

  FactGatherer& gatherer_;
  const Clock& clock_;
  Counters& counters_;
  const Lane lane_;
  std::unordered_map<std::uint64_t, Undecided> parked_;  // at most FactGatherer::kMaxQuestions
  std::uint64_t next_ticket_ = 1;
};

}  // namespace procwall
