// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/log_sum.h"

#include <algorithm>

#include "record/json_text.h"
#include "record/time_stamp.h"
#include "ui/log_line.h"
#include "ui/table.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

using Sum = LogOptions::Sum;

bool IsBefore(const google::protobuf::Timestamp& a, const google::protobuf::Timestamp& b) {
  return EpochNanoseconds(a) < EpochNanoseconds(b);
}

StyledText NumberCell(std::uint64_t number, Style style) {
  return {std::to_string(number), number == 0 ? Style::kDim : style};
}

}  // namespace

std::string LogSum::NameOf(const v1::JournalEntry& entry) const {
  const v1::Event& event = entry.event();
  const v1::Flow& flow = entry.ended().flow();
  const bool is_flow = entry.has_ended();
  switch (by_) {
    case Sum::kRule: {
      const std::string& rule = is_flow ? flow.rule() : event.rule();
      return rule.empty() ? "(no rule)" : rule;
    }
    case Sum::kDestination: {
      const std::string& host = is_flow ? flow.host() : event.dst_host();
      const std::string& address = is_flow ? flow.original().dst_ip() : event.dst_ip();
      if (!host.empty()) return host;
      return address.empty() ? "(unreadable)" : address;
    }
    default: {
      const std::string& path = is_flow ? flow.process().path() : event.process().path();
      return path.empty() ? "(unknown)" : path;
    }
  }
}

void LogSum::Add(const v1::JournalEntry& entry) {
  if (!entry.has_event() && !entry.has_ended()) return;  // of a later version
  const auto& time = entry.has_ended() ? entry.ended().time() : entry.event().time();
  const auto [found, is_new] = counts_.try_emplace(NameOf(entry));
  Count& count = found->second;
  if (is_new || IsBefore(time, count.first)) count.first = time;
  if (is_new || IsBefore(count.last, time)) count.last = time;
  if (entry.has_event()) {
    (entry.event().action() == v1::ACTION_ALLOW ? count.allowed : count.denied) +=
        std::max(entry.times(), 1U);
    return;
  }
  ++count.flows;
  count.sent += entry.ended().flow().sent_bytes();
  count.received += entry.ended().flow().received_bytes();
}

std::vector<LogSum::Named> LogSum::Sorted() const {
  std::vector<Named> sorted(counts_.begin(), counts_.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const Named& a, const Named& b) {
    return a.second.Decisions() > b.second.Decisions();
  });
  return sorted;
}

const char* LogSum::Title() const {
  switch (by_) {
    case Sum::kRule:
      return "RULE";
    case Sum::kDestination:
      return "DESTINATION";
    default:
      return "PROGRAM";
  }
}

std::string LogSum::Text(const Terminal& terminal) const {
  const Layout layout{{{.title = "DECISIONS", .align = Align::kRight},
                       {.title = "ALLOWED", .align = Align::kRight},
                       {.title = "DENIED", .align = Align::kRight},
                       {.title = "SENT", .align = Align::kRight},
                       {.title = "RECEIVED", .align = Align::kRight},
                       {.title = "LAST"},
                       {.title = Title(), .cut = Cut::kKeepBack}},
                      2};
  std::vector<Cells> rows;
  for (const auto& [name, count] : Sorted()) {
    const auto size = [flows = count.flows](std::uint64_t bytes) {
      return flows == 0 ? StyledText("-", Style::kDim) : StyledText(SizeText(bytes));
    };
    rows.push_back({StyledText(std::to_string(count.Decisions()), Style::kBold),
                    NumberCell(count.allowed, Style::kGood), NumberCell(count.denied, Style::kBad),
                    size(count.sent), size(count.received),
                    StyledText(DateText(count.last, UtcOffsetAt(count.last)), Style::kDim),
                    StyledText(name)});
  }
  return RenderTable(layout, rows, terminal);
}

std::string LogSum::JsonLines() const {
  std::string lines;
  std::string key(Title());
  for (char& c : key) c = static_cast<char>(c + 32);  // A to Z alone
  for (const auto& [name, count] : Sorted()) {
    Json json;
    json[key] = JsonText(name);
    json["decisions"] = count.Decisions();
    json["allowed"] = count.allowed;
    json["denied"] = count.denied;
    json["flows_ended"] = count.flows;
    json["sent_bytes"] = count.sent;
    json["received_bytes"] = count.received;
    json["first"] = Rfc3339(count.first);
    json["last"] = Rfc3339(count.last);
    lines += OneLine(json) + "\n";
  }
  return lines;
}

}  // namespace procwall
