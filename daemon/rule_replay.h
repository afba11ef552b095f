// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>

#include <tl/expected.hpp>

#include "daemon/event_log.h"
#include "daemon/explain_source.h"
#include "daemon/judgement.h"
#include "procwall/v1/procwall.pb.h"
#include "rules/references.h"
#include "rules/rule_set.h"

namespace procwall {

// What is judged again, and how it was.
struct ReplayGround {
  const EventLog& events;
  const RuleSet& in_force;
  References references;  // of the rules that are not in force
  RuleAction default_action = RuleAction::kDeny;
  JudgementTime now{};
};

constexpr int kMostReplayed = 1000;  // changed decisions that are told of

// Judges the remembered decisions by other rules. The refusal names the rule that cannot be used.
// Takes as long as that takes: not for threads that others wait for.
tl::expected<v1::ReplayRulesResponse, ExplainRefusal> ReplayRules(
    const v1::ReplayRulesRequest& request, const ReplayGround& ground);

}  // namespace procwall
