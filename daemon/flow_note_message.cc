// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_note_message.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "daemon/event_message.h"

namespace procwall {
namespace {

void Fill(const FlowEnds& ends, v1::FlowEnds& message) {
  message.set_src_ip(ends.source.address.ToString());
  message.set_src_port(ends.source.port);
  message.set_dst_ip(ends.destination.address.ToString());
  message.set_dst_port(ends.destination.port);
}

void Fill(std::chrono::nanoseconds time, google::protobuf::Duration& message) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  message.set_seconds(seconds.count());
  message.set_nanos(static_cast<std::int32_t>((time - seconds).count()));
}

// The kernel's word first; then when we heard of it, or judged it.
std::optional<WallTime> BeginOf(const Flow& flow) {
  if (flow.tracked.started) return flow.tracked.started;
  if (flow.began) return flow.began;
  if (flow.IsDecided()) return flow.owner->time;
  return std::nullopt;
}

void FillOwner(const Event& owner, v1::Flow& message) {
  v1::Event told = ToMessage(owner);
  if (told.has_process()) message.mutable_process()->Swap(told.mutable_process());
  message.set_confidence(told.confidence());
  message.set_rule(told.rule());
  message.set_host(told.dst_host());
  message.set_sequence(owner.sequence);
  message.set_unknown_reason(told.unknown_reason());
}

v1::FlowNote::What ToMessage(FlowNote::What what) {
  switch (what) {
    case FlowNote::What::kBegan:
      return v1::FlowNote::WHAT_NEW;
    case FlowNote::What::kChanged:
      return v1::FlowNote::WHAT_CHANGED;
    case FlowNote::What::kEnded:
      return v1::FlowNote::WHAT_ENDED;
    case FlowNote::What::kLost:
      return v1::FlowNote::WHAT_LOST;
  }
  return v1::FlowNote::WHAT_UNSPECIFIED;
}

}  // namespace

v1::Flow ToMessage(const Flow& flow, WallTime now) {
  const TrackedFlow& tracked = flow.tracked;
  v1::Flow message;
  message.set_id(tracked.id);
  message.set_protocol(ProtocolName(tracked.protocol, tracked.original.source.address.Family()));
  message.set_state(FlowStateName(tracked));
  Fill(tracked.original, *message.mutable_original());
  Fill(tracked.reply, *message.mutable_reply());
  message.set_nat(FlowNatName(tracked.Nat()));
  if (tracked.sent) {
    message.set_sent_packets(tracked.sent->packets);
    message.set_sent_bytes(tracked.sent->bytes);
  }
  if (tracked.received) {
    message.set_received_packets(tracked.received->packets);
    message.set_received_bytes(tracked.received->bytes);
  }
  if (const auto began = BeginOf(flow)) {
    Fill(std::max(now - *began, std::chrono::nanoseconds(0)), *message.mutable_age());
  }
  if (tracked.timeout_seconds) {
    Fill(std::chrono::seconds(*tracked.timeout_seconds), *message.mutable_timeout());
  }
  message.set_mark(tracked.mark.value_or(0));
  for (const char* status : FlowStatusNames(tracked)) message.add_status(status);
  if (flow.owner) {
    const auto& connection = flow.owner->connection;
    if (connection && connection->direction != Direction::kOutgoing) {
      message.add_status(DirectionName(connection->direction));
    }
    FillOwner(*flow.owner, message);
  } else {
    message.set_confidence(v1::CONFIDENCE_UNKNOWN);
    message.set_unknown_reason("not-decided");
  }
  return message;
}

v1::FlowNote ToMessage(const FlowNote& note) {
  v1::FlowNote message;
  message.set_what(ToMessage(note.what));
  const auto since_epoch = note.time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  message.mutable_time()->set_seconds(seconds.count());
  message.mutable_time()->set_nanos(static_cast<std::int32_t>((since_epoch - seconds).count()));
  if (note.what != FlowNote::What::kLost) *message.mutable_flow() = ToMessage(note.flow, note.time);
  return message;
}

}  // namespace procwall
