// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/socket_change.h"

#include <utility>

#include <fmt/format.h>

#include "record/json_text.h"
#include "ui/table.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

using What = SocketChange::What;

constexpr std::size_t kWide = 110;

Style StyleOf(What what) {
  switch (what) {
    case What::kNew:
      return Style::kGood;
    case What::kListens:
      return Style::kAccent;
    case What::kGone:
      return Style::kDim;
    case What::kThere:
      return Style::kWarning;
  }
  return Style::kPlain;
}

Layout LayoutFor(const Terminal& terminal) {
  if (terminal.width == 0) {
    return {{{.title = "TIME", .width = 30},
             {.title = "WHAT", .width = 7},
             {.title = "PROTO", .width = 5},
             {.title = "LOCAL", .width = 24},
             {.title = "OTHER SIDE", .width = 32},
             {.title = "PROGRAM"}},
            2};
  }
  const bool is_wide = terminal.width >= kWide;
  Layout layout{{{.title = "TIME", .width = is_wide ? 12U : 8U},
                 {.title = "WHAT", .width = 7},
                 {.title = "PROTO", .width = 5},
                 {.title = "LOCAL", .cut = Cut::kKeepBack},
                 {.title = "OTHER SIDE", .cut = Cut::kKeepFront},
                 {.title = "PROGRAM", .cut = Cut::kKeepBack}},
                is_wide ? 2U : 1U};
  std::size_t fixed = layout.gap * (layout.columns.size() - 1);
  for (const Column& column : layout.columns) fixed += column.width;
  const std::size_t left = terminal.width > fixed ? terminal.width - fixed : 0;
  layout.columns[3].width = std::max<std::size_t>(left * 3 / 10, 8);
  layout.columns[4].width = std::max<std::size_t>(left * 3 / 10, 8);
  layout.columns[5].width = std::max<std::size_t>(left - 2 * (left * 3 / 10), 8);
  return layout;
}

StyledText Named(StyledText end, const std::string& service) {
  return service.empty() ? end : end.Append(" " + service, Style::kDim);
}

StyledText ProgramText(const SocketChange& change) {
  StyledText text = HoldersText(change.row);
  if (!change.containers.empty()) {
    text.Append(fmt::format(" in {}", fmt::join(change.containers, ", ")), Style::kAccent);
  }
  if (change.what == What::kGone) {
    text.Append(fmt::format(", after {}", AgeText(change.lived)), Style::kDim);
  }
  return text;
}

}  // namespace

const char* SocketChangeName(What what) {
  switch (what) {
    case What::kNew:
      return "new";
    case What::kListens:
      return "listens";
    case What::kGone:
      return "gone";
    case What::kThere:
      return "there";
  }
  return "";
}

std::string SocketChangeTitles(const Terminal& terminal) {
  return RenderTitles(LayoutFor(terminal), terminal.colours) + "\n";
}

std::string SocketChangeText(const SocketChange& change, std::chrono::seconds utc_offset,
                             const Terminal& terminal) {
  const SocketRow& row = change.row;
  const bool has_peer = !row.peer_ip.empty();
  std::string time = Rfc3339(change.time);
  if (terminal.width != 0) {
    time = ClockText(change.time, utc_offset,
                     terminal.width >= kWide ? Precision::kMilliseconds : Precision::kSeconds);
  }
  const StyledText local = SocketEndText(row.local_ip, row.local_port);
  const StyledText peer =
      has_peer ? SocketEndText(row.peer_ip, row.peer_port) : StyledText("-", Style::kDim);
  const Cells cells = {StyledText(time, Style::kDim),
                       StyledText(SocketChangeName(change.what), StyleOf(change.what)),
                       row.protocol,
                       change.service_is_local ? Named(local, change.service) : local,
                       change.service_is_local ? peer : Named(peer, change.service),
                       ProgramText(change)};
  std::string lines = RenderRow(LayoutFor(terminal), cells, terminal.colours) + "\n";
  for (const SocketAlert& alert : change.alerts) {
    StyledText line("  ALERT ", Style::kBad);
    lines += line.Append(alert.text, Style::kBold).Render(terminal.colours) + "\n";
  }
  return lines;
}

std::string SocketChangeJson(const SocketChange& change) {
  Json json;
  json["time"] = Rfc3339(change.time);
  json["what"] = SocketChangeName(change.what);
  json.update(SocketRowJson(change.row));
  json["service"] = JsonText(change.service);
  Json containers = Json::array();
  for (const std::string& container : change.containers) containers.push_back(JsonText(container));
  json["containers"] = containers;
  json["lived_seconds"] = change.what == What::kGone ? Json(change.lived.count()) : Json(nullptr);
  Json alerts = Json::array();
  for (const SocketAlert& alert : change.alerts) {
    alerts.push_back({{"kind", alert.kind}, {"text", JsonText(alert.text)}});
  }
  json["alerts"] = alerts;
  return OneLine(json);
}

}  // namespace procwall
