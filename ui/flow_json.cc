// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/flow_json.h"

#include <optional>

#include "record/event_words.h"
#include "record/json_text.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

Json Counted(bool is_counted, std::uint64_t count) {
  return is_counted ? Json(count) : Json(nullptr);
}

Json Seconds(bool is_known, const google::protobuf::Duration& duration) {
  if (!is_known) return nullptr;
  return static_cast<double>(Nanoseconds(duration).count()) / 1e9;
}

void AddFlow(const v1::Flow& flow, Json& json) {
  const v1::Process& process = flow.process();
  json["id"] = flow.id();
  json["protocol"] = JsonText(flow.protocol());
  json["state"] = JsonText(flow.state());
  json["src_ip"] = JsonText(flow.original().src_ip());
  json["src_port"] = flow.original().src_port();
  json["dst_ip"] = JsonText(flow.original().dst_ip());
  json["dst_port"] = flow.original().dst_port();
  json["dst_host"] = JsonText(flow.host());
  json["reply_src_ip"] = JsonText(flow.reply().src_ip());
  json["reply_src_port"] = flow.reply().src_port();
  json["reply_dst_ip"] = JsonText(flow.reply().dst_ip());
  json["reply_dst_port"] = flow.reply().dst_port();
  json["nat"] = JsonText(flow.nat());
  json["sent_packets"] = Counted(flow.has_sent_packets(), flow.sent_packets());
  json["sent_bytes"] = Counted(flow.has_sent_bytes(), flow.sent_bytes());
  json["received_packets"] = Counted(flow.has_received_packets(), flow.received_packets());
  json["received_bytes"] = Counted(flow.has_received_bytes(), flow.received_bytes());
  json["age_s"] = Seconds(flow.has_age(), flow.age());
  json["timeout_s"] = Seconds(flow.has_timeout(), flow.timeout());
  json["mark"] = flow.mark();
  json["status"] = Json::array();
  for (const std::string& status : flow.status()) json["status"].push_back(JsonText(status));
  json["pid"] = flow.has_process() ? Json(process.pid()) : Json(nullptr);
  json["process_path"] = flow.has_process() ? Json(JsonText(process.path())) : Json(nullptr);
  json["process_args"] = Json::array();
  for (const std::string& arg : process.args()) json["process_args"].push_back(JsonText(arg));
  json["process_uid"] = flow.has_process() ? Json(process.uid()) : Json(nullptr);
  json["confidence"] = ConfidenceWord(flow.confidence());
  json["unknown_reason"] = JsonText(flow.unknown_reason());
  json["rule"] = JsonText(flow.rule());
  json["sequence"] = flow.sequence();
}

}  // namespace

const char* FlowNoteWord(v1::FlowNote::What what) {
  switch (what) {
    case v1::FlowNote::WHAT_NEW:
      return "new";
    case v1::FlowNote::WHAT_CHANGED:
      return "changed";
    case v1::FlowNote::WHAT_ENDED:
      return "ended";
    case v1::FlowNote::WHAT_LOST:
      return "lost";
    default:
      return "unknown";
  }
}

std::string FlowJson(const v1::Flow& flow) {
  Json json;
  AddFlow(flow, json);
  return OneLine(json);
}

std::string FlowNoteJson(const v1::FlowNote& note, std::uint64_t missed) {
  Json json;
  json["time"] = Rfc3339(note.time());
  json["event"] = FlowNoteWord(note.what());
  json["missed"] = missed;
  if (note.has_flow()) AddFlow(note.flow(), json);
  return OneLine(json);
}

}  // namespace procwall
