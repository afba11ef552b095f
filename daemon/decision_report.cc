// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/decision_report.h"

#include <optional>
#include <utility>

#include "daemon/event.h"

namespace procwall {

void DecisionReport::Tell() {
  if (decided_.empty()) return;
  const BootTime now = clock_.Now();
  const WallTime wall_now = clock_.WallNow();
  for (Decided& decided : decided_) {
    Count(decided, wall_now);
    const auto& rule = decided.judged.rule;
    if (!rule || !rule->nolog) Append(std::move(decided), now, wall_now);
  }
  decided_.clear();
}

void DecisionReport::Count(const Decided& decided, WallTime wall_now) {
  const auto& [walk, judged, done] = decided;
  if (walk.attribution.confidence == Confidence::kUnknown) counters_.unknown.Add();
  if (walk.refusal) counters_.unparsable.Add();
  counters_.decisions.Count(done, judged.reason, walk.refusal.has_value());
  if (judged.rule) counters_.rule_hits.Count(judged.rule->name, wall_now);
  for (const auto& shadow : judged.shadows) counters_.rule_hits.Count(shadow->name, wall_now);
}

void DecisionReport::Append(Decided decided, BootTime now, WallTime wall_now) {
  auto& [walk, judged, done] = decided;
  const auto latency = now - walk.received;
  counters_.decisions.Took(latency - walk.asked);
  events_.Append({.time = wall_now,
                  .action = done,
                  .judged_action = judged.action,
                  .reason = judged.reason,
                  .rule = std::move(judged.rule),
                  .shadows = std::move(judged.shadows),
                  .connection = walk.refusal ? std::nullopt : std::optional(walk.connection),
                  .host = std::move(walk.host),
                  .name_from = walk.name_from,
                  .sni = std::move(walk.sni),
                  .attribution = std::move(walk.attribution),
                  .latency = latency,
                  .parked = walk.parked,
                  .asked = walk.asked,
                  .refusal = walk.refusal});
}

}  // namespace procwall
