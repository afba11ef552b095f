// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/process_json.h"

#include "record/json_text.h"
#include "ui/process_line.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

Json TextsJson(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  Json json = Json::array();
  for (const std::string& text : texts) json.push_back(JsonText(text));
  return json;
}

Json AncestorsJson(const v1::Process& process) {
  Json ancestors = Json::array();
  for (const v1::Ancestor& ancestor : process.ancestors()) {
    ancestors.push_back({{"pid", ancestor.pid()}, {"path", JsonText(ancestor.path())}});
  }
  return ancestors;
}

}  // namespace

std::string ProcessNoteJson(const v1::ProcessNote& note, std::uint64_t missed) {
  const v1::Process& process = note.process();
  const bool is_known = !process.path().empty();
  Json json;
  json["time"] = Rfc3339(note.time());
  json["sequence"] = note.sequence();
  json["missed"] = missed;
  json["event"] = DeedWord(note.deed());
  json["pid"] = process.pid() == 0 ? Json(nullptr) : Json(process.pid());
  json["process_start_time"] = process.start_time();
  json["parent_pid"] = is_known ? Json(process.parent_pid()) : Json(nullptr);
  json["process_uid"] = is_known ? Json(process.uid()) : Json(nullptr);
  json["process_path"] = JsonText(process.path());
  json["process_is_deleted"] = process.path_is_deleted();
  json["process_file"] = JsonText(process.file_state());
  json["process_by_descriptor"] = process.by_descriptor();
  json["process_args"] = TextsJson(process.args());
  json["working_directory"] = JsonText(process.working_directory());
  json["script"] = JsonText(note.script());
  json["ancestors"] = AncestorsJson(process);
  json["unit"] = JsonText(note.unit());
  json["container"] = JsonText(note.container());
  json["exit_code"] = note.has_exit_code() ? Json(note.exit_code()) : Json(nullptr);
  json["signal"] = note.has_signal() ? Json(note.signal()) : Json(nullptr);
  json["lifetime_ms"] = note.has_lifetime()
                            ? Json(static_cast<double>(Nanoseconds(note.lifetime()).count()) / 1e6)
                            : Json(nullptr);
  json["lost"] = note.lost();
  return OneLine(json);
}

}  // namespace procwall
