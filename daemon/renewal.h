// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "daemon/flow_marks.h"
#include "daemon/stale_decisions.h"
#include "rules/rule_set.h"

namespace procwall {

// What was let through is judged again when the rules are others: live connections at once, and the
// next packets of flows that are marked as decided. Taking those marks away walks the kernel's
// whole table of flows (milliseconds, and its locks): while rules change all the time it is done
// now and then, and once after the last change. Thread rule: one thread.
class Renewal {
 public:
  static constexpr std::chrono::milliseconds kBetweenClears{200};

  // The clock must outlive it.
  Renewal(FlowMarks marks, const Clock& clock)
      : clock_(clock), marks_(std::move(marks)), stale_(clock) {}

  // `cut` judges live connections; it must not block.
  void AlsoCut(std::function<void()> cut) { cut_ = std::move(cut); }
  void ClearMarks(FlowMarks::Which which);
  // Call it now and then, whenever the rules or the network profile may have changed, and when
  // Due().
  void Check(const std::shared_ptr<const RuleSet>& rules, const std::string& profile);
  // When marks that are out of date will be taken away; nothing: there are none.
  std::optional<BootTime> Due() const { return due_; }

 private:
  const Clock& clock_;
  FlowMarks marks_;
  BootTime cleared_{};
  std::optional<BootTime> due_{};
  std::function<void()> cut_;  // null: nothing is cut
  StaleDecisions stale_;
};

}  // namespace procwall
