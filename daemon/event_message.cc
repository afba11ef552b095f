// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_message.h"

#include <algorithm>

#include <google/protobuf/timestamp.pb.h>

#include "base/printable.h"
#include "daemon/evidence_message.h"

namespace procwall {
namespace {

void Fill(const Connection& connection, v1::Event& message) {
  message.set_protocol(ProtocolName(connection.protocol, connection.Family()));
  message.set_direction(DirectionName(connection.direction));
  message.set_src_ip(connection.Source().address.ToString());
  message.set_src_port(connection.Source().port);
  message.set_dst_ip(connection.Destination().address.ToString());
  message.set_dst_port(connection.Destination().port);
  if (connection.uid) message.set_uid(*connection.uid);
  message.set_in_interface(connection.in_ifindex);
  message.set_out_interface(connection.out_ifindex);
}

bool Used(const Attribution& attribution, const Process& process) {
  return std::ranges::any_of(attribution.processes, [&](const ProcessPtr& user) {
    return user->id == process.id && user->path == process.path;
  });
}

void Fill(const Attribution& attribution, v1::Event& message) {
  bool first = true;
  for (const ProcessPtr& process : attribution.processes) {
    (first ? *message.mutable_process() : *message.add_alternatives()) = ToMessage(*process);
    first = false;
  }
  if (attribution.creator && !Used(attribution, *attribution.creator)) {
    *message.mutable_creator() = ToMessage(*attribution.creator);
  }
  message.set_confidence(ToMessage(attribution.confidence));
  if (attribution.confidence == Confidence::kUnknown) {
    message.set_unknown_reason(UnknownReasonName(attribution.unknown_reason));
  }
  message.set_evidence(Printable(attribution.evidence.ToString()));
  *message.mutable_evidence_details() = ToMessage(attribution.evidence);
}

}  // namespace

v1::Action ToMessage(RuleAction action) {
  switch (action) {
    case RuleAction::kAllow:
      return v1::ACTION_ALLOW;
    case RuleAction::kDeny:
      return v1::ACTION_DENY;
    case RuleAction::kReject:
      return v1::ACTION_REJECT;
  }
  return v1::ACTION_UNSPECIFIED;
}

v1::Reason ToMessage(EventReason reason) {
  switch (reason) {
    case EventReason::kRule:
      return v1::REASON_RULE;
    case EventReason::kDefaultAction:
      return v1::REASON_DEFAULT_ACTION;
    case EventReason::kAnswer:
      return v1::REASON_ANSWER;
    case EventReason::kNoAnswer:
      return v1::REASON_NO_ANSWER;
    case EventReason::kTooManyQuestions:
      return v1::REASON_TOO_MANY_QUESTIONS;
    case EventReason::kNoTime:
      return v1::REASON_NO_TIME;
  }
  return v1::REASON_UNSPECIFIED;
}

v1::Confidence ToMessage(Confidence confidence) {
  switch (confidence) {
    case Confidence::kCertain:
      return v1::CONFIDENCE_CERTAIN;
    case Confidence::kLikely:
      return v1::CONFIDENCE_LIKELY;
    case Confidence::kAmbiguous:
      return v1::CONFIDENCE_AMBIGUOUS;
    case Confidence::kUnknown:
      return v1::CONFIDENCE_UNKNOWN;
  }
  return v1::CONFIDENCE_UNSPECIFIED;
}

v1::Reason ReasonOf(const Event& event) {
  return event.refusal && event.reason == EventReason::kDefaultAction ? v1::REASON_UNPARSABLE
                                                                      : ToMessage(event.reason);
}

v1::Event ToMessage(const Event& event) {
  v1::Event message;
  message.set_sequence(event.sequence);
  const auto since_epoch = event.time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  message.mutable_time()->set_seconds(seconds.count());
  message.mutable_time()->set_nanos(static_cast<std::int32_t>((since_epoch - seconds).count()));
  message.set_action(ToMessage(event.action));
  message.set_judged_action(ToMessage(event.judged_action));
  message.set_cut(event.cut);
  message.set_reason(ReasonOf(event));
  if (event.rule) message.set_rule(Printable(event.rule->name));
  for (const auto& shadow : event.shadows) *message.add_shadow_rules() = ToShadowMessage(*shadow);
  if (event.connection) Fill(*event.connection, message);
  if (!message.has_uid() && event.attribution.evidence.socket) {
    message.set_uid(event.attribution.evidence.socket->socket.uid);
  }
  message.set_dst_host(Printable(event.host));
  message.set_dst_name_from(NameSourceName(event.name_from));
  message.set_dst_sni(Printable(event.sni));
  Fill(event.attribution, message);
  *message.mutable_latency() = ToMessage(event.latency);
  if (event.parked != std::chrono::nanoseconds(0)) {
    *message.mutable_evidence_details()->mutable_parked() = ToMessage(event.parked);
  }
  if (event.asked != std::chrono::nanoseconds(0)) {
    *message.mutable_asked() = ToMessage(event.asked);
  }
  if (event.refusal) message.set_refusal(event.refusal->ToString());
  return message;
}

v1::ShadowRule ToShadowMessage(const Rule& rule) {
  v1::ShadowRule message;
  message.set_rule(Printable(rule.name));
  message.set_action(ToMessage(rule.action));
  return message;
}

}  // namespace procwall
