// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/recorded_event.h"

#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace procwall {
namespace {

using Json = nlohmann::json;

std::string TextOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? Unprintable(found->get<std::string>())
                                                     : std::string();
}

template <typename Number>
std::optional<Number> NumberOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  const auto value = found->get<std::int64_t>();
  if (!std::in_range<Number>(value)) return std::nullopt;
  return static_cast<Number>(value);
}

std::optional<Endpoint> EndpointOf(const Json& event, const char* ip, const char* port) {
  const auto address = IpAddress::Parse(TextOf(event, ip));
  if (!address) return std::nullopt;
  return Endpoint{*address, NumberOf<Port>(event, port).value_or(0)};
}

bool FillConnection(const Json& event, Connection& connection) {
  const auto protocol = ParseProtocolName(TextOf(event, "protocol"));
  const auto source = EndpointOf(event, "src_ip", "src_port");
  const auto destination = EndpointOf(event, "dst_ip", "dst_port");
  if (!protocol || !source || !destination) return false;
  connection.protocol = *protocol;
  for (const Direction direction : {Direction::kIncoming, Direction::kForwarded}) {
    if (TextOf(event, "direction") == DirectionName(direction)) connection.direction = direction;
  }
  const bool incoming = connection.direction == Direction::kIncoming;
  connection.local = incoming ? *destination : *source;
  connection.remote = incoming ? *source : *destination;
  connection.uid = NumberOf<Uid>(event, "uid");
  return true;
}

SharedList<std::string> ArgumentsOf(const Json& event) {
  std::vector<std::string> arguments;
  const auto found = event.find("process_args");
  if (found == event.end() || !found->is_array()) return {};
  for (const Json& argument : *found) {
    if (argument.is_string()) arguments.push_back(Unprintable(argument.get<std::string>()));
  }
  return {std::move(arguments)};
}

SharedList<Ancestor> AncestorsOf(const Json& event) {
  std::vector<Ancestor> ancestors;
  const auto found = event.find("ancestors");
  if (found == event.end() || !found->is_array()) return {};
  for (const Json& ancestor : *found) {
    if (!ancestor.is_object() || ancestors.size() >= kMaxAncestors) continue;
    ancestors.push_back({NumberOf<Pid>(ancestor, "pid").value_or(0), TextOf(ancestor, "path")});
  }
  return {std::move(ancestors)};
}

// The keys of a process: those of the event itself, or of one of its alternatives.
Process ProcessOf(const Json& keys, Pid pid) {
  Process process;
  process.id = {pid, NumberOf<std::uint64_t>(keys, "process_start_time").value_or(0)};
  process.parent_pid = NumberOf<Pid>(keys, "parent_pid").value_or(0);
  process.uid = NumberOf<Uid>(keys, "process_uid").value_or(0);
  process.path = TextOf(keys, "process_path");
  process.args = ArgumentsOf(keys);
  process.ancestors = AncestorsOf(keys);
  return process;
}

void FillProcesses(const Json& event, std::vector<Process>& processes) {
  constexpr std::size_t kMostAlternatives = 64;
  const auto pid = NumberOf<Pid>(event, "pid");
  if (!pid) return;
  processes.push_back(ProcessOf(event, *pid));
  const auto found = event.find("alternatives");
  if (found == event.end() || !found->is_array()) return;
  for (const Json& other : *found) {
    if (!other.is_object() || processes.size() > kMostAlternatives) continue;
    processes.push_back(ProcessOf(other, NumberOf<Pid>(other, "pid").value_or(0)));
    processes.back().uid = processes.front().uid;  // not recorded for each
  }
}

// Who made the socket: recorded only where it is none of the processes that may have used it.
std::optional<Process> CreatorOf(const Json& event) {
  Process creator;
  creator.path = TextOf(event, "creator_path");
  creator.id.pid = NumberOf<Pid>(event, "creator_pid").value_or(0);
  return creator.path.empty() ? std::nullopt : std::optional(std::move(creator));
}

// The digits of `text` from `at` on, exactly `count` of them.
std::optional<int> DigitsAt(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  const std::string_view digits = text.substr(at, count);
  if (digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  int number = 0;
  std::from_chars(digits.data(), digits.data() + count, number);
  return number;
}

// The second that "2024-03-01T14:03:22.184000001Z" begins with: times of the day are told in
// minutes. Zero, a time that is not known: it is no such text, or says a year that WallTime does
// not have.
WallTime ParseTimeStamp(std::string_view text) {
  constexpr std::string_view kPunctuation = "--T::";
  constexpr std::array<std::size_t, 5> kPlaces{4, 7, 10, 13, 16};
  std::array<int, 6> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto digits = i == 0 ? DigitsAt(text, 0, 4) : DigitsAt(text, kPlaces[i - 1] + 1, 2);
    if (!digits || (i > 0 && text[kPlaces[i - 1]] != kPunctuation[i - 1])) return {};
    parts[i] = *digits;
  }
  const auto [year, month, day, hour, minute, second] = parts;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  const bool is_time = hour < 24 && minute < 60 && second <= 60;
  if (!date.ok() || !is_time || year < 1970 || year > 2261 || !text.ends_with('Z')) return {};
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

Confidence ConfidenceNamed(std::string_view name) {
  for (const Confidence confidence :
       {Confidence::kCertain, Confidence::kLikely, Confidence::kAmbiguous}) {
    if (name == ConfidenceName(confidence)) return confidence;
  }
  return Confidence::kUnknown;
}

}  // namespace

std::string Unprintable(std::string_view printable) {
  std::string text;
  for (std::size_t i = 0; i < printable.size(); ++i) {
    const std::string_view rest = printable.substr(i);
    unsigned byte = 0;
    if (rest.starts_with("\\\\")) {
      text += '\\';
      ++i;
    } else if (rest.size() >= 4 && rest.starts_with("\\x") &&
               std::from_chars(rest.data() + 2, rest.data() + 4, byte, 16).ptr == rest.data() + 4) {
      text += static_cast<char>(byte);
      i += 3;
    } else {
      text += printable[i];
    }
  }
  return text;
}

tl::expected<RecordedEvent, std::string> ParseRecordedEvent(std::string_view line) {
  const auto is_shallow = [](int depth, Json::parse_event_t, Json&) { return depth <= 8; };
  const Json event = Json::parse(line, is_shallow, /*allow_exceptions=*/false);
  if (!event.is_object()) return tl::unexpected<std::string>("this is not a JSON object");
  RecordedEvent recorded;
  const auto action = ParseRuleAction(TextOf(event, "action"));
  const auto judged = ParseRuleAction(TextOf(event, "judged_action"));
  if (!action) return tl::unexpected<std::string>("\"action\" is not allow, deny or reject");
  recorded.action = *action;
  recorded.judged = judged.value_or(*action);
  recorded.sequence = NumberOf<std::uint64_t>(event, "sequence").value_or(0);
  recorded.time = TextOf(event, "time");
  recorded.rule = TextOf(event, "rule");
  recorded.situation.host = TextOf(event, "dst_host");
  recorded.situation.sni = TextOf(event, "dst_sni");
  recorded.situation.creator = CreatorOf(event);
  recorded.situation.now = ParseTimeStamp(recorded.time);
  recorded.situation.confidence = ConfidenceNamed(TextOf(event, "confidence"));
  const std::string reason = TextOf(event, "reason");
  const bool by_rules = reason == "rule" || reason == "default-action";
  recorded.was_judged = FillConnection(event, recorded.situation.connection) && by_rules;
  FillProcesses(event, recorded.situation.processes);
  return recorded;
}

}  // namespace procwall
