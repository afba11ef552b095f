// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/flow_json.h"

#include "record/event_words.h"
#include "record/time_stamp.h"

namespace procwall {
namespace {

void AddMoved(const v1::Flow& flow, Json& json) {
  const auto count = [](bool is_known, std::uint64_t value) {
    return is_known ? Json(value) : Json(nullptr);
  };
  json["sent_packets"] = count(flow.has_sent_packets(), flow.sent_packets());
  json["sent_bytes"] = count(flow.has_sent_bytes(), flow.sent_bytes());
  json["received_packets"] = count(flow.has_received_packets(), flow.received_packets());
  json["received_bytes"] = count(flow.has_received_bytes(), flow.received_bytes());
}

}  // namespace

Json SecondsOrNull(bool is_known, const google::protobuf::Duration& duration) {
  if (!is_known) return nullptr;
  return static_cast<double>(Nanoseconds(duration).count()) / 1e9;
}

Json FlowObject(const v1::Flow& flow) {
  const bool known = flow.has_process();
  Json json;
  json["flow"] = flow.id();
  json["protocol"] = JsonText(flow.protocol());
  json["state"] = JsonText(flow.state());
  json["src_ip"] = JsonText(flow.original().src_ip());
  json["src_port"] = flow.original().src_port();
  json["dst_ip"] = JsonText(flow.original().dst_ip());
  json["dst_port"] = flow.original().dst_port();
  json["dst_host"] = JsonText(flow.host());
  json["nat"] = JsonText(flow.nat());
  AddMoved(flow, json);
  json["age_s"] = SecondsOrNull(flow.has_age(), flow.age());
  json["pid"] = known ? Json(flow.process().pid()) : Json(nullptr);
  json["process_path"] = known ? Json(JsonText(flow.process().path())) : Json(nullptr);
  json["process_uid"] = known ? Json(flow.process().uid()) : Json(nullptr);
  json["confidence"] = ConfidenceWord(flow.confidence());
  json["unknown_reason"] = JsonText(flow.unknown_reason());
  json["rule"] = JsonText(flow.rule());
  json["sequence"] = flow.sequence();
  return json;
}

}  // namespace procwall
