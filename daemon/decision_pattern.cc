// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/decision_pattern.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

namespace procwall {
namespace {

// All of a connection that does not name the flow.
bool SameSurroundings(const Connection& a, const Connection& b) {
  return a.protocol == b.protocol && a.direction == b.direction && a.in_ifindex == b.in_ifindex &&
         a.out_ifindex == b.out_ifindex && a.uid == b.uid && a.mark == b.mark;
}

bool SameEvidence(const Evidence& a, const Evidence& b) {
  return a.socket_source == b.socket_source && a.holder_source == b.holder_source &&
         a.candidates == b.candidates && a.holders == b.holders &&
         a.all_holders_known == b.all_holders_known && a.uid_agrees == b.uid_agrees &&
         a.hook == b.hook && a.note == b.note && a.alternatives.empty() && b.alternatives.empty();
}

// Of what differs most often.
std::size_t HashOfPattern(const Event& decision) {
  const auto& processes = decision.attribution.processes;
  const std::hash<const void*> address;
  std::size_t hash = std::hash<std::string>{}(decision.host);
  hash = hash * 31 + address(processes.empty() ? nullptr : processes.front().get()) / 16;
  hash = hash * 31 + address(decision.rule.get()) / 16;
  return hash;
}

std::size_t HashOf(const Event& decision) {
  const std::size_t hash = HashOfPattern(decision);
  if (!decision.connection) return hash;
  return hash * 31 + std::hash<Endpoint>{}(decision.connection->remote);
}

// The same of the same program at the same place, from another port or later.
bool AreAlike(const Event& a, const Event& b) {
  return a.connection && b.connection && a.connection->remote == b.connection->remote &&
         a.connection->local.address == b.connection->local.address && a.cut == b.cut &&
         SameButForTheFlow(a, b);
}

EventPtr WithoutTheFlow(const Event& decision) {
  Event pattern = decision;
  pattern.sequence = 0;
  pattern.time = {};
  pattern.connection->local = pattern.connection->remote = {};
  pattern.latency = pattern.parked = pattern.asked = {};
  pattern.attribution.evidence.socket.reset();
  pattern.attribution.evidence.cookie = 0;
  pattern.attribution.evidence.age = {};
  return std::make_shared<const Event>(std::move(pattern));
}

}  // namespace

bool SameButForTheFlow(const Event& a, const Event& b) {
  return a.action == b.action && a.judged_action == b.judged_action && a.reason == b.reason &&
         a.rule == b.rule && a.shadows == b.shadows &&
         SameSurroundings(*a.connection, *b.connection) && a.host == b.host &&
         a.name_from == b.name_from && a.sni == b.sni &&
         a.attribution.confidence == b.attribution.confidence &&
         a.attribution.unknown_reason == b.attribution.unknown_reason &&
         a.attribution.processes == b.attribution.processes &&
         a.attribution.creator == b.attribution.creator &&
         SameEvidence(a.attribution.evidence, b.attribution.evidence);
}

EventPtr DecisionPatterns::Of(const Event& decision) {
  EventPtr& recent = recent_[HashOfPattern(decision) % kRecent];
  if (!recent || !SameButForTheFlow(*recent, decision)) recent = WithoutTheFlow(decision);
  return recent;
}

std::vector<AlikeDecisions> Summarise(const std::vector<EventPtr>& decisions) {
  std::vector<AlikeDecisions> summary;
  std::unordered_multimap<std::size_t, std::size_t> places;  // in the summary, by hash
  for (const EventPtr& decision : decisions) {
    const std::size_t hash = HashOf(*decision);
    const auto [begin, end] = places.equal_range(hash);
    const auto alike = std::find_if(begin, end, [&](const auto& place) {
      return AreAlike(*summary[place.second].last, *decision);
    });
    if (alike == end) {
      places.emplace(hash, summary.size());
      summary.push_back({decision, 1});
      continue;
    }
    summary[alike->second].last = decision;
    ++summary[alike->second].times;
  }
  return summary;
}

}  // namespace procwall
