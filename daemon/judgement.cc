// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/judgement.h"

#include <utility>
#include <vector>

#include "rules/decision.h"
#include "rules/subject.h"

namespace procwall {

Judgement Judge(const RuleSet& rules, const Connection& connection, const Attribution& attribution,
                std::string_view host, RuleAction default_action, const JudgementTime& time) {
  Subject subject;
  subject.connection = &connection;
  subject.host = host;
  subject.creator = attribution.creator.get();
  subject.confidence = attribution.confidence;
  subject.now = time.wall;
  subject.boot_now = time.boot;

  Decision decision;
  if (attribution.processes.size() <= 1) {
    subject.process = attribution.processes.empty() ? nullptr : attribution.processes.front().get();
    decision = rules.Decide(subject);
  } else {
    std::vector<Decision> decisions;
    for (const ProcessPtr& process : attribution.processes) {
      subject.process = process.get();
      decisions.push_back(rules.Decide(subject));
    }
    decision = Strictest(decisions);
  }
  if (!decision.IsDecided()) {
    return {default_action, EventReason::kDefaultAction, nullptr, std::move(decision.shadows)};
  }
  return {decision.rule->action, EventReason::kRule, decision.rule, std::move(decision.shadows)};
}

}  // namespace procwall
