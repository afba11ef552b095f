// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_replay.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/printable.h"
#include "daemon/event_message.h"
#include "daemon/judgement_message.h"
#include "record/rule_message.h"
#include "rules/recorded_event.h"

namespace procwall {
namespace {

tl::unexpected<ExplainRefusal> Unusable(std::string what) {
  return tl::unexpected(ExplainRefusal{ExplainRefusal::Kind::kInvalid, std::move(what)});
}

// Those in force that nobody takes the place of.
std::vector<CompiledRulePtr> Remaining(const v1::ReplayRulesRequest& request,
                                       const RuleSet& in_force) {
  if (request.only_these()) return {};
  std::set<std::string> gone;
  for (const std::string& name : request.without()) gone.insert(Unprintable(name));
  for (const v1::Rule& rule : request.rules()) gone.insert(Unprintable(rule.name()));
  std::vector<CompiledRulePtr> rules = in_force.Rules();
  std::erase_if(rules,
                [&](const CompiledRulePtr& rule) { return gone.contains(rule->rule->name); });
  return rules;
}

tl::expected<RuleSet, ExplainRefusal> ProposedRules(const v1::ReplayRulesRequest& request,
                                                    const ReplayGround& ground) {
  std::vector<CompiledRulePtr> rules = Remaining(request, ground.in_force);
  for (const v1::Rule& message : request.rules()) {
    auto rule = RuleOf(message);
    if (!rule) {
      return Unusable(fmt::format("rule \"{}\": {}", Printable(message.name()), rule.error()));
    }
    auto compiled = CompileRule(std::make_shared<const Rule>(*std::move(rule)), ground.references,
                                ground.now.boot);
    if (!compiled) return Unusable(compiled.error().reason);
    rules.push_back(std::make_shared<const CompiledRule>(*std::move(compiled)));
  }
  return RuleSet::Create(std::move(rules));
}

// A cut is about a connection that was judged before.
bool IsJudged(const Event& event) { return event.connection && !event.refusal && !event.cut; }

std::vector<EventPtr> JudgedEvents(const EventLog& log, std::size_t recent) {
  std::vector<EventPtr> events;
  std::uint64_t position = log.PositionOfRecent(recent);
  while (events.size() < recent) {
    const auto read = log.Next(position);
    if (!read.event) break;
    if (IsJudged(*read.event)) events.push_back(read.event);
  }
  return events;
}

std::string NameOrNone(const std::shared_ptr<const Rule>& rule) { return rule ? rule->name : ""; }

}  // namespace

tl::expected<v1::ReplayRulesResponse, ExplainRefusal> ReplayRules(
    const v1::ReplayRulesRequest& request, const ReplayGround& ground) {
  const auto rules = ProposedRules(request, ground);
  if (!rules) return tl::unexpected(rules.error());
  const std::size_t recent = request.recent() == 0 ? EventLog::kCapacity : request.recent();
  std::vector<EventPtr> events = JudgedEvents(ground.events, std::min(recent, EventLog::kCapacity));
  std::ranges::reverse(events);  // the latest first

  v1::ReplayRulesResponse response;
  response.set_judged(static_cast<std::uint32_t>(events.size()));
  for (const EventPtr& event : events) {
    const JudgementTime then{ground.now.boot, event->time};
    const Judgement judged = Judge(*rules, *event->connection, event->attribution, event->host,
                                   ground.default_action, then, {}, event->sni);
    if (judged.action == event->judged_action) {
      const bool is_another = NameOrNone(judged.rule) != NameOrNone(event->rule);
      response.set_by_another_rule(response.by_another_rule() + (is_another ? 1 : 0));
      continue;
    }
    response.set_changed(response.changed() + 1);
    if (response.decisions_size() == kMostReplayed) continue;
    v1::ChangedDecision& changed = *response.add_decisions();
    *changed.mutable_event() = ToMessage(*event);
    *changed.mutable_now() = ToMessage(judged);
  }
  if (AsksBeyondDescription(rules->Needs())) {
    response.add_notes(
        "some rules ask what is not remembered of a program or an interface (hashes, environment, "
        "package, interface names, network profile): those conditions do not match here");
  }
  return response;
}

}  // namespace procwall
