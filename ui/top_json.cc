// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_json.h"

#include <optional>

#include <google/protobuf/timestamp.pb.h>

#include "record/event_words.h"
#include "record/json_text.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

std::string TimeJson(TopTime time) {
  const auto since = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(seconds.count());
  stamp.set_nanos(static_cast<std::int32_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(since - seconds).count()));
  return Rfc3339(stamp);
}

template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace

std::string TopJson(const TopRow& row, TopTime now) {
  const v1::Event& event = row.place->event;
  const TopCounts& counts = row.place->counts;
  const bool is_incoming = event.direction() == "incoming";
  Json json;
  json["time"] = TimeJson(now);
  json["program"] = JsonText(row.program->key);
  Json pids = Json::array();
  for (const std::int32_t pid : row.program->pids) pids.push_back(pid);
  json["pids"] = pids;
  json["uid"] = event.has_process() ? Json(event.process().uid()) : Json(nullptr);
  json["protocol"] = JsonText(event.protocol());
  json["direction"] = JsonText(event.direction());
  json["other_ip"] = JsonText(is_incoming ? event.src_ip() : event.dst_ip());
  json["other_host"] = JsonText(is_incoming ? "" : event.dst_host());
  json["port"] = event.dst_port();
  json["state"] = JsonText(row.place->state);
  json["rule"] = JsonText(event.rule());
  json["reason"] = event.reason() == v1::REASON_UNSPECIFIED ? "" : ReasonWord(event.reason());
  json["confidence"] = ConfidenceWord(event.confidence());
  json["live"] = counts.live;
  json["allowed"] = counts.allowed;
  json["denied"] = counts.denied;
  json["decisions_per_second"] = counts.per_second;
  json["in_bytes"] = OrNull(counts.in_bytes);
  json["out_bytes"] = OrNull(counts.out_bytes);
  json["in_bytes_per_second"] = OrNull(counts.in_rate);
  json["out_bytes_per_second"] = OrNull(counts.out_rate);
  json["last"] = TimeJson(counts.last);
  json["sequence"] = event.sequence();
  return OneLine(json);
}

}  // namespace procwall
