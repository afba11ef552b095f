// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/event_json.h"

#include "record/evidence_json.h"
#include "record/json_text.h"
#include "record/time_stamp.h"

namespace procwall {
namespace {

Json ArgsJson(const v1::Process& process) {
  Json args = Json::array();
  for (const std::string& arg : process.args()) args.push_back(JsonText(arg));
  return args;
}

Json AncestorsJson(const v1::Process& process) {
  Json ancestors = Json::array();
  for (const v1::Ancestor& ancestor : process.ancestors()) {
    ancestors.push_back({{"pid", ancestor.pid()}, {"path", JsonText(ancestor.path())}});
  }
  return ancestors;
}

// The keys of the process that is named, flat, as scripts want them.
void AddProcess(const v1::Event& event, Json& json) {
  const bool known = event.has_process();
  const v1::Process& process = event.process();
  json["pid"] = known ? Json(process.pid()) : Json(nullptr);
  json["process_path"] = JsonText(process.path());
  json["process_args"] = ArgsJson(process);
  if (event.has_creator()) {
    json["creator_pid"] = event.creator().pid();
    json["creator_path"] = JsonText(event.creator().path());
  }
  json["process_uid"] = known ? Json(process.uid()) : Json(nullptr);
  json["process_start_time"] = known ? Json(process.start_time()) : Json(nullptr);
  json["process_is_deleted"] = process.path_is_deleted();
  json["process_file"] = JsonText(process.file_state());
  json["process_by_descriptor"] = process.by_descriptor();
  json["parent_pid"] = known ? Json(process.parent_pid()) : Json(nullptr);
  json["working_directory"] = JsonText(process.working_directory());
  json["ancestors"] = AncestorsJson(process);
}

Json OtherJson(const v1::Process& process) {
  return {{"pid", process.pid()},
          {"process_path", JsonText(process.path())},
          {"process_args", ArgsJson(process)}};
}

Json AlternativesJson(const v1::Event& event) {
  Json alternatives = Json::array();
  for (const v1::Process& process : event.alternatives()) {
    alternatives.push_back(OtherJson(process));
  }
  return alternatives;
}

}  // namespace

Json ShadowRulesArray(const ShadowRules& shadows) {
  Json json = Json::array();
  for (const v1::ShadowRule& shadow : shadows) {
    json.push_back({{"rule", JsonText(shadow.rule())}, {"action", ActionWord(shadow.action())}});
  }
  return json;
}

Json EventObject(const v1::Event& event, std::uint64_t missed) {
  Json json;
  json["time"] = Rfc3339(event.time());
  json["sequence"] = event.sequence();
  json["missed"] = missed;
  json["action"] = ActionWord(event.action());
  json["judged_action"] = ActionWord(event.judged_action());
  json["cut"] = event.cut();
  json["rule"] = JsonText(event.rule());
  json["shadow_rules"] = ShadowRulesArray(event.shadow_rules());
  json["reason"] = ReasonWord(event.reason());
  json["protocol"] = JsonText(event.protocol());
  json["direction"] = JsonText(event.direction());
  json["src_ip"] = JsonText(event.src_ip());
  json["src_port"] = event.src_port();
  json["dst_ip"] = JsonText(event.dst_ip());
  json["dst_port"] = event.dst_port();
  json["dst_host"] = JsonText(event.dst_host());
  json["dst_name_from"] = JsonText(event.dst_name_from());
  json["dst_sni"] = JsonText(event.dst_sni());
  json["in_interface"] = event.in_interface();
  json["out_interface"] = event.out_interface();
  json["uid"] = event.has_uid() ? Json(event.uid()) : Json(nullptr);
  AddProcess(event, json);
  json["alternatives"] = AlternativesJson(event);
  json["creator"] = event.has_creator() ? OtherJson(event.creator()) : Json(nullptr);
  json["confidence"] = ConfidenceWord(event.confidence());
  json["unknown_reason"] = JsonText(event.unknown_reason());
  json["evidence"] = JsonText(event.evidence());
  json["evidence_details"] = EvidenceObject(event.evidence_details());
  json["refusal"] = JsonText(event.refusal());
  json["latency_us"] = static_cast<double>(Nanoseconds(event.latency()).count()) / 1e3;
  return json;
}

std::string EventJson(const v1::Event& event, std::uint64_t missed) {
  return OneLine(EventObject(event, missed));
}

}  // namespace procwall
