// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "rules/rule_set.h"

namespace procwall {

// Tells when decisions of before need not hold any more: the rules are others, or some of them hold
// at times of the day and a minute is over, or in another network. A packet that was judged by the
// former rules in that very moment has its decision after that: so decisions are stale once more,
// some time later. Thread rule: one thread.
class StaleDecisions {
 public:
  static constexpr std::chrono::seconds kOnceMore{2};

  explicit StaleDecisions(const Clock& clock) : clock_(clock) {}

  // Call it now and then, and whenever rules may have changed.
  // `profile`: the network profile in force.
  bool Check(const std::shared_ptr<const RuleSet>& rules, const std::string& profile = {});

 private:
  const Clock& clock_;
  std::shared_ptr<const RuleSet> rules_{};  // as they were; null: at the start
  std::optional<BootTime> once_more_{};
  std::chrono::minutes minute_{};
  std::string profile_{};
};

}  // namespace procwall
