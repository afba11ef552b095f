// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_config.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <strings.h>

#include "base/printable.h"
#include "daemon/config.h"
#include "rules/text.h"

namespace procwall {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMaxNesting = 32;
// What a GUI may not change, as "Section" or "Section.Key".
constexpr std::array kProtected = {"Server", "Rules.Path", "FwOptions", "Ebpf.ModulesPath",
                                   "Audit",  "Tasks",      "Procwall"};

Json Parse(std::string_view text) {
  bool too_deep = false;
  const auto is_shallow = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > kMaxNesting;
    return !too_deep;
  };
  Json json = Json::parse(text, is_shallow, /*allow_exceptions=*/false, /*ignore_comments=*/true);
  return too_deep ? Json(Json::value_t::discarded) : json;
}

// The name under which the object has that key, in any letter case, as Go finds it.
std::string NameIn(const Json& object, const std::string& key) {
  for (const auto& [name, value] : object.items()) {
    if (::strcasecmp(name.c_str(), key.c_str()) == 0) return name;
  }
  return key;
}

// Keys that are one to some readers and two to others.
bool HasTwins(const Json& json) {
  if (json.is_object()) {
    std::set<std::string> names;
    for (const auto& [name, value] : json.items()) {
      std::string lowered = name;
      std::transform(lowered.begin(), lowered.end(), lowered.begin(), ToLowerAscii);
      if (!names.insert(std::move(lowered)).second) return true;
    }
  }
  return std::any_of(json.begin(), json.end(),
                     [](const Json& inner) { return inner.is_structured() && HasTwins(inner); });
}

// Every key that some GUI looks at.
Json Defaults(const Settings& settings) {
  const char* monitor = settings.witness ? "ebpf" : "proc";
  return {{"Server",
           {{"Address", settings.ui_socket},
            {"LogFile", settings.log_file},
            {"Authentication", {{"Type", "simple"}, {"TLSOptions", Json::object()}}}}},
          {"DefaultAction", RuleActionName(settings.default_action)},
          {"DefaultDuration", "once"},
          {"InterceptUnknown", true},
          {"ProcMonitorMethod", monitor},
          {"LogLevel", static_cast<int>(settings.log_level)},
          {"LogUTC", true},
          {"LogMicro", false},
          {"Firewall", "nftables"},
          {"FwOptions",
           {{"ConfigPath", ""},
            {"MonitorInterval", "15s"},
            {"QueueBypass", settings.queue_bypass},
            {"QueueNum", settings.queue_number}}},
          {"Rules",
           {{"Path", settings.rules_directory}, {"EnableChecksums", settings.tells_checksums}}},
          {"Ebpf", {{"ModulesPath", ""}, {"EventsWorkers", 8}, {"QueueEventsSize", 0}}},
          {"Stats", {{"MaxEvents", 250}, {"MaxStats", 25}, {"Workers", 6}}},
          {"Internal", {{"GCPercent", 100}, {"FlushConnsOnStart", false}}}};
}

// What `object` lacks, from `from`; sections are filled likewise.
void FillMissing(const Json& from, Json& object) {
  for (const auto& [key, value] : from.items()) {
    const std::string name = NameIn(object, key);
    if (!object.contains(name) || object[name].is_null()) {
      object[key] = value;
    } else if (value.is_object() && object[name].is_object()) {
      FillMissing(value, object[name]);
    }
  }
}

Json Whole(std::string_view file_text, const Settings& settings) {
  Json json = Parse(file_text);
  if (!json.is_object()) json = Json::object();
  FillMissing(Defaults(settings), json);
  return json;
}

const Json* Find(const Json& root, std::string_view path) {
  const std::size_t dot = path.find('.');
  const std::string first = NameIn(root, std::string(path.substr(0, dot)));
  if (!root.is_object() || !root.contains(first)) return nullptr;
  if (dot == std::string_view::npos) return &root[first];
  return Find(root[first], path.substr(dot + 1));
}

std::string Written(const Json& json, int indent) {
  return json.dump(indent, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace

std::string GuiConfig(std::string_view file_text, const Settings& settings) {
  return Written(Whole(file_text, settings), -1);
}

tl::expected<std::string, std::string> ChangedConfig(std::string_view file_text,
                                                     const Settings& settings,
                                                     std::string_view sent) {
  const auto refuse = [](std::string why) { return tl::unexpected(std::move(why)); };
  Json wanted = Parse(sent);
  if (!wanted.is_object()) return refuse("the configuration is not a JSON object");
  if (HasTwins(wanted)) return refuse("a key is there twice, in different letter case");
  const Json before = Whole(file_text, settings);
  for (const char* path : kProtected) {
    const Json* const now = Find(before, path);
    const Json* const then = Find(wanted, path);
    if (then == nullptr) continue;  // stays as it is
    if (now == nullptr || *now != *then) {
      return refuse(fmt::format(
          "\"{}\" is not for a GUI to change: edit {} as root", path,
          settings.config_file.empty() ? std::string(kDefaultConfigFile) : settings.config_file));
    }
  }
  Json now = Parse(file_text);
  if (now.is_object()) FillMissing(now, wanted);
  std::string text = Written(wanted, 2) + "\n";
  if (const auto read = ParseConfig(text, "the configuration"); !read) {
    return refuse(Printable(read.error()));
  }
  return text;
}

}  // namespace procwall
