// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "attribution/attribution.h"
#include "base/clock.h"
#include "daemon/event.h"
#include "daemon/program_facts.h"
#include "net/connection.h"
#include "rules/rule_set.h"

namespace procwall {

// What is to be done with a packet, and what said so.
struct Judgement {
  RuleAction action = RuleAction::kDeny;
  EventReason reason = EventReason::kDefaultAction;
  std::shared_ptr<const Rule> rule;                    // null: no rule matched
  std::vector<std::shared_ptr<const Rule>> shadows{};  // see Decision

  bool IsByRule() const { return rule != nullptr; }

  friend bool operator==(const Judgement&, const Judgement&) = default;
};

// When it is judged: for rules that end, or hold at times of the day.
struct JudgementTime {
  BootTime boot{};
  WallTime wall{};
};

// Nothing passes because we were slow: what was not found out for want of time may be what a rule
// denies. An allow of the rules or by default becomes a deny for kNoTime then; the program tries
// again. A person's answer stands. Pure.
Judgement WithoutHaste(Judgement judged, const Attribution& attribution, const PacketsFacts& facts);

// Judges the connection by the rules, once for each program that may have sent it, and takes the
// strictest decision; an unknown program is judged as well. Where rules ask for more than is known
// of a program that is gone, it is judged as itself and as an unknown one. `facts`: what was found
// out besides; of the attribution's processes, in their order, or of none. `sni`: the server name
// in the packet. Where no rule matches, `default_action` decides. Pure.
Judgement Judge(const RuleSet& rules, const Connection& connection, const Attribution& attribution,
                std::string_view host, RuleAction default_action, const JudgementTime& time = {},
                const PacketsFacts& facts = {}, std::string_view sni = {});

// Every rule that matches for one of these programs, in the order they are tried. For people, not
// for packets. Pure.
std::vector<std::shared_ptr<const Rule>> MatchingRules(
    const RuleSet& rules, const Connection& connection, const Attribution& attribution,
    std::string_view host, const JudgementTime& time = {}, const PacketsFacts& facts = {},
    std::string_view sni = {});

}  // namespace procwall
