// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/log_line.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "record/event_json.h"
#include "record/flow_json.h"
#include "ui/event_cells.h"
#include "ui/path_text.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

constexpr std::size_t kLeastColumn = 8;
constexpr std::size_t kYear = 5;  // "2026-"

Layout LayoutFor(const Terminal& terminal, bool is_compact) {
  Layout layout{{{.title = "TIME", .width = is_compact ? std::size_t{14} : std::size_t{19}},
                 {.title = "WHAT", .width = 6},
                 {.title = "PROGRAM", .cut = Cut::kKeepBack, .width = 32},
                 {.title = "PROTO", .width = 5},
                 {.title = "DESTINATION", .cut = Cut::kKeepBack, .width = 32},
                 {.title = "WHY", .cut = Cut::kKeepFront, .width = 28}},
                is_compact ? std::size_t{1} : std::size_t{2}};
  if (terminal.width == 0) {
    for (Column& column : layout.columns) column.cut = Cut::kNever;
    return layout;
  }
  std::size_t fixed = layout.gap * (layout.columns.size() - 1);
  for (const std::size_t i : {0, 1, 3}) fixed += layout.columns[i].width;
  const std::size_t free = terminal.width > fixed ? terminal.width - fixed : 0;
  layout.columns[2].width = std::max(free * 7 / 20, kLeastColumn);
  layout.columns[4].width = std::max(free * 7 / 20, kLeastColumn);
  const std::size_t used = layout.columns[2].width + layout.columns[4].width;
  layout.columns[5].width = std::max(free > used ? free - used : 0, kLeastColumn);
  return layout;
}

std::string HostAndPort(const std::string& host, std::uint32_t port) {
  if (port == 0) return host;
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return is_ipv6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::string MovedText(const v1::Flow& flow) {
  std::string text;
  if (flow.has_sent_bytes() || flow.has_received_bytes()) {
    text =
        fmt::format("{} out, {} in", SizeText(flow.sent_bytes()), SizeText(flow.received_bytes()));
  }
  if (flow.has_age()) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", LatencyText(Nanoseconds(flow.age())));
  }
  return text.empty() ? "not counted" : text;
}

}  // namespace

std::string SizeText(std::uint64_t bytes) {
  constexpr std::array<const char*, 6> kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double amount = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; amount >= 1023.95 && unit + 1 < kUnits.size(); ++unit) amount /= 1024;
  return fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

std::string DateText(const google::protobuf::Timestamp& time, std::chrono::seconds utc_offset) {
  if (!IsValid(time)) return kInvalidTime;
  const std::chrono::sys_seconds point{std::chrono::seconds(time.seconds()) + utc_offset};
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(point)};
  return fmt::format("{:04}-{:02}-{:02} {}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     ClockText(time, utc_offset, Precision::kSeconds));
}

LogLines::LogLines(const Terminal& terminal)
    : terminal_(terminal),
      is_compact_(terminal.width != 0 && terminal.width < kFullWidth),
      layout_(LayoutFor(terminal, is_compact_)) {}

std::string LogLines::Titles() const { return RenderTitles(layout_, terminal_.colours) + "\n"; }

Cells LogLines::CellsOf(const v1::Event& event) const {
  return {VerdictCell(event), ProgramCell(event), StyledText(event.protocol()),
          DestinationCell(event), WhyCell(event)};
}

Cells LogLines::CellsOf(const v1::Flow& flow) const {
  StyledText program;
  if (flow.process().path().empty()) {
    program.Append("unknown", Style::kWarning);
  } else {
    AppendPath(flow.process().path(), program);
    program.Append(fmt::format(" {}", flow.process().pid()), Style::kDim);
  }
  const std::string& host = flow.host().empty() ? flow.original().dst_ip() : flow.host();
  return {StyledText("ended", Style::kDim), program, StyledText(flow.protocol()),
          StyledText(HostAndPort(host, flow.original().dst_port())), StyledText(MovedText(flow))};
}

std::string LogLines::Render(const v1::JournalEntry& entry, std::chrono::seconds utc_offset) const {
  const bool is_flow = entry.has_ended();
  std::string date = DateText(is_flow ? entry.ended().time() : entry.event().time(), utc_offset);
  if (is_compact_ && date.size() > kYear) date.erase(0, kYear);
  Cells cells = is_flow ? CellsOf(entry.ended().flow()) : CellsOf(entry.event());
  if (entry.times() > 1) cells.back().Append(fmt::format(", {} times", entry.times()), Style::kDim);
  cells.insert(cells.begin(), StyledText(date, Style::kDim));
  return RenderRow(layout_, cells, terminal_.colours) + "\n";
}

std::string LogJson(const v1::JournalEntry& entry) {
  Json json;
  json["id"] = entry.id();
  json["kind"] = entry.has_ended() ? "flow-ended" : entry.has_event() ? "decision" : "unknown";
  json["times"] = std::max(entry.times(), 1U);
  if (entry.has_ended()) {
    json["time"] = Rfc3339(entry.ended().time());
    json.update(FlowObject(entry.ended().flow()));
  } else if (entry.has_event()) {
    json.update(EventObject(entry.event(), 0));
  }
  return OneLine(json);
}

}  // namespace procwall
