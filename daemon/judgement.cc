// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/judgement.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "rules/decision.h"
#include "rules/subject.h"

namespace procwall {

namespace {

// What is known of one program that may have sent it.
Decision DecideFor(const RuleSet& rules, Subject subject, const Process* process,
                   const ProgramFacts* facts) {
  subject.process = process;
  std::string_view package;
  if (facts != nullptr) {
    subject.hashes = facts->hashes.get();
    if (facts->environment) subject.environment = &*facts->environment;
    if (facts->package) {
      package = *facts->package;
      subject.package = &package;
    }
  }
  return rules.Decide(subject);
}

}  // namespace

Judgement Judge(const RuleSet& rules, const Connection& connection, const Attribution& attribution,
                std::string_view host, RuleAction default_action, const JudgementTime& time,
                const PacketsFacts& facts) {
  Subject subject;
  subject.connection = &connection;
  subject.host = host;
  subject.creator = attribution.creator.get();
  subject.confidence = attribution.confidence;
  subject.in_interface = facts.in_interface;
  subject.out_interface = facts.out_interface;
  subject.now = time.wall;
  subject.boot_now = time.boot;

  const auto facts_of = [&](std::size_t i) {
    return i < facts.programs.size() ? facts.programs[i].get() : nullptr;
  };
  const std::vector<ProcessPtr>& processes = attribution.processes;
  Decision decision;
  if (processes.size() <= 1) {
    const Process* const process = processes.empty() ? nullptr : processes.front().get();
    decision = DecideFor(rules, subject, process, facts_of(0));
  } else {
    std::vector<Decision> decisions;
    for (std::size_t i = 0; i < processes.size(); ++i) {
      decisions.push_back(DecideFor(rules, subject, processes[i].get(), facts_of(i)));
    }
    decision = Strictest(decisions);
  }
  if (!decision.IsDecided()) {
    return {default_action, EventReason::kDefaultAction, nullptr, std::move(decision.shadows)};
  }
  return {decision.rule->action, EventReason::kRule, decision.rule, std::move(decision.shadows)};
}

Judgement WithoutHaste(Judgement judged, const Attribution& attribution,
                       const PacketsFacts& facts) {
  const bool was_overloaded = attribution.confidence == Confidence::kUnknown &&
                              attribution.unknown_reason == UnknownReason::kOverloaded;
  const bool is_ours =
      judged.reason == EventReason::kRule || judged.reason == EventReason::kDefaultAction;
  if (judged.action != RuleAction::kAllow || !is_ours || !(facts.are_late || was_overloaded)) {
    return judged;
  }
  judged.action = RuleAction::kDeny;
  judged.reason = EventReason::kNoTime;
  judged.rule = nullptr;
  return judged;
}

}  // namespace procwall
