// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/judgement.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "rules/decision.h"
#include "rules/facts_needed.h"
#include "rules/subject.h"

namespace procwall {

namespace {

// Hands over what is known of one program that may have sent it; nothing of it lives longer.
template <typename Ask>
auto AskAbout(Subject subject, const Process* process, const ProgramFacts* facts, const Ask& ask) {
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
  return ask(subject);
}

Subject SubjectOf(const Connection& connection, const Attribution& attribution,
                  std::string_view host, const JudgementTime& time, const PacketsFacts& facts,
                  std::string_view sni) {
  Subject subject;
  subject.connection = &connection;
  subject.host = host;
  subject.sni = sni;
  subject.creator = attribution.creator.get();
  subject.confidence = attribution.confidence;
  subject.in_interface = facts.in_interface;
  subject.out_interface = facts.out_interface;
  subject.profile = facts.profile;
  subject.now = time.wall;
  subject.boot_now = time.boot;
  return subject;
}

const ProgramFacts* FactsOf(const PacketsFacts& facts, std::size_t process) {
  return process < facts.programs.size() ? facts.programs[process].get() : nullptr;
}

// For rules that ask for what nobody knows of it, it may be any program.
bool IsHalfKnown(const Process& process, const FactsNeeded& needs) {
  return process.only_program_is_known &&
         (needs.args || needs.script || needs.container || needs.unit);
}

}  // namespace

Judgement Judge(const RuleSet& rules, const Connection& connection, const Attribution& attribution,
                std::string_view host, RuleAction default_action, const JudgementTime& time,
                const PacketsFacts& facts, std::string_view sni) {
  const Subject subject = SubjectOf(connection, attribution, host, time, facts, sni);
  const auto decide = [&](const Subject& whole) { return rules.Decide(whole); };
  const std::vector<ProcessPtr>& processes = attribution.processes;
  const auto is_half_known = [&](const ProcessPtr& process) {
    return IsHalfKnown(*process, rules.Needs());
  };
  const bool any_half_known = std::ranges::any_of(processes, is_half_known);
  Decision decision;
  if (processes.size() <= 1 && !any_half_known) {
    const Process* const process = processes.empty() ? nullptr : processes.front().get();
    decision = AskAbout(subject, process, FactsOf(facts, 0), decide);
  } else {
    std::vector<Decision> decisions;
    for (std::size_t i = 0; i < processes.size(); ++i) {
      decisions.push_back(AskAbout(subject, processes[i].get(), FactsOf(facts, i), decide));
    }
    if (any_half_known) decisions.push_back(AskAbout(subject, nullptr, nullptr, decide));
    decision = Strictest(decisions);
  }
  if (!decision.IsDecided()) {
    return {default_action, EventReason::kDefaultAction, nullptr, std::move(decision.shadows)};
  }
  return {decision.rule->action, EventReason::kRule, decision.rule, std::move(decision.shadows)};
}

std::vector<std::shared_ptr<const Rule>> MatchingRules(
    const RuleSet& rules, const Connection& connection, const Attribution& attribution,
    std::string_view host, const JudgementTime& time, const PacketsFacts& facts,
    std::string_view sni) {
  const Subject subject = SubjectOf(connection, attribution, host, time, facts, sni);
  const auto match = [&](const Subject& whole) { return rules.Matching(whole); };
  const std::vector<ProcessPtr>& processes = attribution.processes;
  if (processes.empty()) return AskAbout(subject, nullptr, nullptr, match);
  std::vector<std::shared_ptr<const Rule>> all;
  for (std::size_t i = 0; i < processes.size(); ++i) {
    auto matching = AskAbout(subject, processes[i].get(), FactsOf(facts, i), match);
    all.insert(all.end(), matching.begin(), matching.end());
  }
  std::ranges::sort(
      all, {}, [](const auto& rule) -> const auto& { return rule->name; });
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
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
