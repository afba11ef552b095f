// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_record.h"

#include <functional>
#include <utility>

namespace procwall {
namespace {

FlowEnds Mirrored(const FlowEnds& ends) { return {ends.destination, ends.source}; }

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

std::size_t SlotOf(const Event& decision) {
  const auto& processes = decision.attribution.processes;
  const std::hash<const void*> address;
  std::size_t hash = std::hash<std::string>{}(decision.host);
  hash = hash * 31 + address(processes.empty() ? nullptr : processes.front().get()) / 16;
  hash = hash * 31 + address(decision.rule.get()) / 16;
  return hash % DecisionPatterns::kRecent;
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

std::uint64_t CookieOf(const Event& decision) {
  const Evidence& evidence = decision.attribution.evidence;
  if (evidence.cookie != 0) return evidence.cookie;
  return evidence.socket ? evidence.socket->socket.cookie : 0;
}

EventPtr DecisionPatterns::Of(const Event& decision) {
  EventPtr& recent = recent_[SlotOf(decision)];
  if (!recent || !SameButForTheFlow(*recent, decision)) recent = WithoutTheFlow(decision);
  return recent;
}

FlowRecord::FlowRecord(const TrackedFlow& tracked)
    : id_(tracked.id),
      status_(tracked.status),
      state_(tracked.state),
      reply_(tracked.reply == Mirrored(tracked.original)
                 ? nullptr
                 : std::make_unique<const FlowEnds>(tracked.reply)) {}

TrackedFlow FlowRecord::Tracked(const FlowName& name) const {
  TrackedFlow tracked;
  tracked.id = id_;
  tracked.protocol = name.protocol;
  tracked.original = name.original;
  tracked.reply = reply_ ? *reply_ : Mirrored(name.original);
  tracked.zone = name.zone;
  tracked.status = status_;
  tracked.state = state_;
  return tracked;
}

void FlowRecord::Update(const TrackedFlow& news) {
  TrackedFlow known = Tracked(NameOf(news));
  procwall::Update(known, news);
  id_ = known.id;
  status_ = known.status;
  state_ = known.state;
}

void FlowRecord::SetOwner(const FlowName& name, const Event& owner, DecisionPatterns& patterns) {
  pattern_ = patterns.Of(owner);
  sequence_ = owner.sequence;
  decided_ = owner.time;
  cookie_ = CookieOf(owner);
  const Connection& connection = *owner.connection;
  const bool is_as_it_began =
      connection.local == name.original.source && connection.remote == name.original.destination;
  owners_ends_ = is_as_it_began ? nullptr : std::make_unique<const Connection>(connection);
}

EventPtr FlowRecord::Owner(const FlowName& name) const {
  if (!pattern_) return nullptr;
  Event owner = *pattern_;
  owner.sequence = sequence_;
  owner.time = decided_;
  owner.connection->local = owners_ends_ ? owners_ends_->local : name.original.source;
  owner.connection->remote = owners_ends_ ? owners_ends_->remote : name.original.destination;
  owner.attribution.evidence.cookie = cookie_;
  return std::make_shared<const Event>(std::move(owner));
}

std::optional<WallTime> FlowRecord::Began() const {
  if (began_ == kNever) return std::nullopt;
  return began_;
}

}  // namespace procwall
