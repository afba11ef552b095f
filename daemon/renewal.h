// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "daemon/flow_marks.h"
#include "daemon/stale_decisions.h"
#include "rules/rule_set.h"

namespace procwall {

// What was let through is judged again when the rules are others: the next packets of flows that
// are marked as decided, and live connections. Thread rule: one thread.
class Renewal {
 public:
  // The clock must outlive it.
  Renewal(FlowMarks marks, const Clock& clock) : marks_(std::move(marks)), stale_(clock) {}

  // `cut` judges live connections; it must not block.
  void AlsoCut(std::function<void()> cut) { cut_ = std::move(cut); }
  void ClearMarks(FlowMarks::Which which);
  // Call it now and then, and whenever the rules or the network profile may have changed.
  void Check(const std::shared_ptr<const RuleSet>& rules, const std::string& profile);

 private:
  FlowMarks marks_;
  std::function<void()> cut_;  // null: nothing is cut
  StaleDecisions stale_;
};

}  // namespace procwall
