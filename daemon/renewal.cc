// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/renewal.h"

#include <spdlog/spdlog.h>

namespace procwall {

void Renewal::ClearMarks(FlowMarks::Which which) {
  const auto cleared = marks_.Clear(which);
  if (cleared) return;
  spdlog::warn("event=flow_marks_stay reason=\"{}\"", cleared.error().ToString());
}

void Renewal::Check(const std::shared_ptr<const RuleSet>& rules, const std::string& profile) {
  if (!stale_.Check(rules, profile)) return;
  ClearMarks(FlowMarks::Which::kJudged);
  if (cut_) cut_();
}

}  // namespace procwall
