// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/flow_rows.h"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

#include "ui/flow_json.h"
#include "ui/path_text.h"
#include "ui/styled_text.h"
#include "ui/table.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

bool IsIcmp(const v1::Flow& flow) { return flow.protocol().starts_with("icmp"); }

std::string AddressText(const std::string& address, std::uint32_t port, bool has_port) {
  if (!has_port) return address;
  return address.find(':') == std::string::npos ? fmt::format("{}:{}", address, port)
                                                : fmt::format("[{}]:{}", address, port);
}

std::string DestinationText(const v1::Flow& flow) {
  const v1::FlowEnds& ends = flow.original();
  const bool has_port = !IsIcmp(flow) && (ends.src_port() != 0 || ends.dst_port() != 0);
  if (flow.host().empty()) return AddressText(ends.dst_ip(), ends.dst_port(), has_port);
  return has_port ? fmt::format("{}:{}", flow.host(), ends.dst_port()) : flow.host();
}

bool HasStatus(const v1::Flow& flow, const char* status) {
  return std::ranges::find(flow.status(), status) != flow.status().end();
}

// Where it goes; where it comes from, too, if that is not this host.
std::string OtherSideText(const v1::Flow& flow) {
  const v1::FlowEnds& ends = flow.original();
  if (HasStatus(flow, "incoming")) return fmt::format("{} to :{}", ends.src_ip(), ends.dst_port());
  const bool is_ours = flow.has_process() && !HasStatus(flow, "forwarded");
  if (is_ours) return DestinationText(flow);
  return fmt::format("{} to {}", ends.src_ip(), DestinationText(flow));
}

StyledText ProgramCell(const v1::Flow& flow) {
  if (!flow.has_process()) return {"not known", Style::kDim};
  StyledText text;
  AppendPath(flow.process().path(), text);
  text.Append(fmt::format(" {}", flow.process().pid()), Style::kDim);
  if (flow.confidence() == v1::CONFIDENCE_LIKELY) text.Append(" ~", Style::kWarning);
  if (flow.confidence() == v1::CONFIDENCE_AMBIGUOUS) text.Append(" ?", Style::kWarning);
  return text;
}

std::string CountText(bool is_counted, std::uint64_t bytes) {
  return is_counted ? ShortBytes(bytes) : "-";
}

std::chrono::seconds Seconds(const google::protobuf::Duration& duration) {
  return std::chrono::duration_cast<std::chrono::seconds>(Nanoseconds(duration));
}

StyledText StateCell(const v1::Flow& flow) {
  StyledText text(flow.state(), flow.state() == "ESTABLISHED" ? Style::kGood : Style::kPlain);
  if (!flow.nat().empty()) text.Append(" nat", Style::kAccent);
  return text;
}

std::uint64_t Moved(const v1::Flow& flow) { return flow.sent_bytes() + flow.received_bytes(); }

}  // namespace

std::string ShortBytes(std::uint64_t bytes) {
  constexpr std::array<const char*, 6> kUnits = {"K", "M", "G", "T", "P", "E"};
  if (bytes < 1024) return fmt::format("{}", bytes);
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (value /= 1024; value >= 999.5 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return value < 9.95 ? fmt::format("{:.1f}{}", value, kUnits[unit])
                      : fmt::format("{:.0f}{}", value, kUnits[unit]);
}

std::string ShortAge(std::chrono::seconds age) {
  const auto seconds = age.count();
  if (seconds < 100) return fmt::format("{}s", seconds);
  if (seconds < 100 * 60) return fmt::format("{}m", seconds / 60);
  if (seconds < 100 * 3600) return fmt::format("{}h", seconds / 3600);
  return fmt::format("{}d", seconds / 86400);
}

void SortForPeople(std::vector<v1::Flow>& flows) {
  std::ranges::sort(flows, [](const v1::Flow& a, const v1::Flow& b) {
    const auto key = [](const v1::Flow& flow) {
      return std::tuple(~Moved(flow), !flow.has_process(), flow.process().path(),
                        flow.original().dst_ip(), flow.original().dst_port(), flow.id());
    };
    return key(a) < key(b);
  });
}

std::string FlowsText(const std::vector<v1::Flow>& flows, const Terminal& terminal) {
  const Layout layout{{{.title = "PROGRAM", .cut = Cut::kKeepBack, .min_width = 12},
                       {.title = "PROTO"},
                       {.title = "STATE"},
                       {.title = "OTHER SIDE", .cut = Cut::kKeepFront, .min_width = 14},
                       {.title = "SENT", .align = Align::kRight},
                       {.title = "RECVD", .align = Align::kRight},
                       {.title = "AGE", .align = Align::kRight},
                       {.title = "RULE", .cut = Cut::kKeepFront, .min_width = 4}},
                      1};
  std::vector<Cells> rows;
  rows.reserve(flows.size());
  for (const v1::Flow& flow : flows) {
    rows.push_back({ProgramCell(flow), flow.protocol(), StateCell(flow), OtherSideText(flow),
                    CountText(flow.has_sent_bytes(), flow.sent_bytes()),
                    CountText(flow.has_received_bytes(), flow.received_bytes()),
                    flow.has_age() ? ShortAge(Seconds(flow.age())) : std::string("-"),
                    StyledText(flow.rule(), Style::kDim)});
  }
  return RenderTable(layout, rows, terminal);
}

std::string FlowNoteLine(const v1::FlowNote& note, std::chrono::seconds utc_offset,
                         const Terminal& terminal) {
  const v1::Flow& flow = note.flow();
  const bool ended = note.what() == v1::FlowNote::WHAT_ENDED;
  StyledText line(ClockText(note.time(), utc_offset, Precision::kMilliseconds), Style::kDim);
  line.Append(fmt::format(" {:<7} ", FlowNoteWord(note.what())),
              ended ? Style::kDim : Style::kPlain);
  if (!note.has_flow()) {
    line.Append("the kernel could not tell all: what lives was read again", Style::kWarning);
    return line.Render(terminal.colours) + "\n";
  }
  line.Join(ProgramCell(flow)).Append(fmt::format(" {} ", flow.protocol()));
  line.Join(StateCell(flow)).Append(" ").Append(OtherSideText(flow), Style::kBold);
  if (ended) {
    line.Append(fmt::format(" sent {} received {}",
                            CountText(flow.has_sent_bytes(), flow.sent_bytes()),
                            CountText(flow.has_received_bytes(), flow.received_bytes())));
    if (flow.has_age()) line.Append(fmt::format(" in {}", ShortAge(Seconds(flow.age()))));
  }
  if (!flow.rule().empty()) line.Append(" " + flow.rule(), Style::kDim);
  if (terminal.width > 0) line = line.KeepingFront(terminal.width);
  return line.Render(terminal.colours) + "\n";
}

std::string FlowSentence(const v1::Flow& flow) {
  const v1::FlowEnds& ends = flow.original();
  const bool has_port = !IsIcmp(flow) && ends.src_port() != 0;
  std::string text =
      fmt::format("{} {} -> {}", flow.protocol(),
                  AddressText(ends.src_ip(), ends.src_port(), has_port), DestinationText(flow));
  if (!flow.has_process()) return text;
  return text + fmt::format(", {} {}", flow.process().path(), flow.process().pid());
}

}  // namespace procwall
