// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/flow_json.h"

#include "record/flow_json.h"
#include "record/json_text.h"
#include "record/time_stamp.h"

namespace procwall {
namespace {

// What only a live flow has.
void AddLive(const v1::Flow& flow, Json& json) {
  json["reply_src_ip"] = JsonText(flow.reply().src_ip());
  json["reply_src_port"] = flow.reply().src_port();
  json["reply_dst_ip"] = JsonText(flow.reply().dst_ip());
  json["reply_dst_port"] = flow.reply().dst_port();
  json["timeout_s"] = SecondsOrNull(flow.has_timeout(), flow.timeout());
  json["mark"] = flow.mark();
  json["status"] = Json::array();
  for (const std::string& status : flow.status()) json["status"].push_back(JsonText(status));
  json["process_args"] = Json::array();
  for (const std::string& arg : flow.process().args()) {
    json["process_args"].push_back(JsonText(arg));
  }
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
  Json json = FlowObject(flow);
  AddLive(flow, json);
  return OneLine(json);
}

std::string FlowNoteJson(const v1::FlowNote& note, std::uint64_t missed) {
  Json json;
  json["time"] = Rfc3339(note.time());
  json["event"] = FlowNoteWord(note.what());
  json["missed"] = missed;
  if (note.has_flow()) {
    json.update(FlowObject(note.flow()));
    AddLive(note.flow(), json);
  }
  return OneLine(json);
}

}  // namespace procwall
