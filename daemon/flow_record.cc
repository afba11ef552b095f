// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_record.h"

#include <utility>

namespace procwall {
namespace {

FlowEnds Mirrored(const FlowEnds& ends) { return {ends.destination, ends.source}; }

std::unique_ptr<const FlowEnds> OwnReply(const TrackedFlow& flow) {
  if (flow.reply == Mirrored(flow.original)) return nullptr;
  return std::make_unique<const FlowEnds>(flow.reply);
}

}  // namespace

std::uint64_t CookieOf(const Event& decision) {
  const Evidence& evidence = decision.attribution.evidence;
  if (evidence.cookie != 0) return evidence.cookie;
  return evidence.socket ? evidence.socket->socket.cookie : 0;
}

FlowRecord::FlowRecord(const TrackedFlow& tracked)
    : id_(tracked.id), status_(tracked.status), state_(tracked.state), reply_(OwnReply(tracked)) {}

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
  if (id_ == 0) reply_ = OwnReply(news);
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
