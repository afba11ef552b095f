// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/facts_lookup.h"

#include <utility>

#include "daemon/judgement.h"

namespace procwall {

std::optional<PacketsFacts> FactsLookup::Find(Walk& walk,
                                              const std::shared_ptr<const RuleSet>& rules) {
  const FactsNeeded& needs = rules->Needs();
  if (!AsksBeyondDescription(needs)) return PacketsFacts{};
  FactsQuestion question{.lane = lane_,
                         .ticket = 0,
                         .needs = needs,
                         .in_interface = walk.connection.in_ifindex,
                         .out_interface = walk.connection.out_ifindex,
                         .processes = walk.attribution.processes};
  if (auto facts = gatherer_.Find(needs, question)) return facts;
  const std::uint64_t ticket = question.ticket = next_ticket_++;
  walk.parked_at = clock_.Now();
  if (parked_.size() >= FactGatherer::kMaxQuestions || !gatherer_.Ask(std::move(question))) {
    return PacketsFacts{.are_late = true};
  }
  counters_.parked.Add();
  parked_.emplace(ticket, Undecided{std::move(walk), rules});
  return std::nullopt;
}

std::optional<FactsLookup::Found> FactsLookup::Resume(FactsAnswer answer) {
  auto parked = parked_.extract(answer.ticket);
  if (parked.empty()) return std::nullopt;
  counters_.parked.Subtract();
  auto& [walk, rules] = parked.mapped();
  walk.parked += clock_.Now() - walk.parked_at;
  return Found{std::move(walk), std::move(rules), std::move(answer.facts)};
}

}  // namespace procwall
