// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/judgement.h"

#include <vector>

#include "rules/decision.h"
#include "rules/subject.h"

namespace procwall {

Judgement Judge(const RuleSet& rules, const Connection& connection, const Attribution& attribution,
                std::string_view host, RuleAction default_action) {
  Subject subject;
  subject.connection = &connection;
  subject.host = host;

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
  if (!decision.IsDecided()) return {default_action, EventReason::kDefaultAction, nullptr};
  return {decision.rule->action, EventReason::kRule, decision.rule};
}

}  // namespace procwall
