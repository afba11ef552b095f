// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_end_message.h"

#include "base/printable.h"
#include "daemon/event_message.h"
#include "daemon/evidence_message.h"

namespace procwall {
namespace {

v1::FlowEnds EndsOf(const Endpoint& source, const Endpoint& destination) {
  v1::FlowEnds ends;
  ends.set_src_ip(source.address.ToString());
  ends.set_src_port(source.port);
  ends.set_dst_ip(destination.address.ToString());
  ends.set_dst_port(destination.port);
  return ends;
}

const char* NatOf(const FlowEnd& end) {
  const bool source = end.reply_destination != end.source;
  const bool destination = end.reply_source != end.destination;
  if (source && destination) return "both";
  if (source) return "source";
  return destination ? "destination" : "";
}

void FillMoved(const FlowEnd& end, v1::Flow& flow) {
  if (end.sent.packets) flow.set_sent_packets(*end.sent.packets);
  if (end.sent.bytes) flow.set_sent_bytes(*end.sent.bytes);
  if (end.received.packets) flow.set_received_packets(*end.received.packets);
  if (end.received.bytes) flow.set_received_bytes(*end.received.bytes);
  if (end.age) *flow.mutable_age() = ToMessage(*end.age);
}

}  // namespace

v1::FlowNote ToMessage(const FlowEnd& end) {
  v1::FlowNote note;
  note.set_what(v1::FlowNote::WHAT_ENDED);
  const auto since_epoch = end.time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  note.mutable_time()->set_seconds(seconds.count());
  note.mutable_time()->set_nanos(static_cast<std::int32_t>((since_epoch - seconds).count()));
  v1::Flow& flow = *note.mutable_flow();
  flow.set_id(end.id);
  flow.set_protocol(ProtocolName(end.protocol, end.source.address.Family()));
  flow.set_state(end.state);
  *flow.mutable_original() = EndsOf(end.source, end.destination);
  *flow.mutable_reply() = EndsOf(end.reply_source, end.reply_destination);
  flow.set_nat(NatOf(end));
  FillMoved(end, flow);
  flow.set_mark(end.mark);
  if (end.process) *flow.mutable_process() = ToMessage(*end.process);
  flow.set_confidence(ToMessage(end.confidence));
  flow.set_rule(Printable(end.rule));
  flow.set_host(Printable(end.host));
  flow.set_sequence(end.sequence);
  return note;
}

}  // namespace procwall
