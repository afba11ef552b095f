// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/renewal.h"

#include <algorithm>

#include <spdlog/spdlog.h>

namespace procwall {

void Renewal::ClearMarks(FlowMarks::Which which) {
  const auto cleared = marks_.Clear(which);
  if (cleared) return;
  spdlog::warn("event=flow_marks_stay reason=\"{}\"", cleared.error().ToString());
}

void Renewal::Check(const std::shared_ptr<const RuleSet>& rules, const std::string& profile) {
  const BootTime now = clock_.Now();
  if (stale_.Check(rules, profile)) {
    if (!due_) due_ = std::max(now, cleared_ + kBetweenClears);
    if (cut_) cut_();
  }
  if (!due_ || now < *due_) return;
  due_.reset();
  cleared_ = now;
  ClearMarks(FlowMarks::Which::kJudged);
}

}  // namespace procwall
