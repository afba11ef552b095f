// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/event_line.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "record/event_words.h"
#include "ui/event_cells.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

constexpr std::size_t kLeast = 8;
constexpr const char* kMargin = "    ";
constexpr std::size_t kNumberWidth = 7;

std::size_t FixedWidth(const Layout& layout) {
  std::size_t width = layout.gap * (layout.columns.size() - 1);
  for (const Column& column : layout.columns) width += column.width;
  return width;
}

// What is left of the terminal goes to the three columns that can use it, 7 : 7 : 6.
void ShareOut(Layout& layout, std::size_t total, Column& program, Column& destination,
              Column& why) {
  const std::size_t fixed = FixedWidth(layout);
  const std::size_t free = total > fixed ? total - fixed : 0;
  program.width = std::max(free * 7 / 20, kLeast);
  destination.width = std::max(free * 7 / 20, kLeast);
  const std::size_t used = program.width + destination.width;
  why.width = std::max(free > used ? free - used : 0, kLeast);
}

Layout FileLayout() {
  return {{{.title = "TIME", .width = 30},
           {.title = "VERDICT", .width = 7},
           {.title = "PROGRAM", .width = 32},
           {.title = "PROTO", .width = 5},
           {.title = "DESTINATION", .width = 32},
           {.title = "WHY", .width = 28},
           {.title = "CONFIDENCE", .width = 10},
           {.title = "LATENCY", .align = Align::kRight, .width = 7}},
          2};
}

Layout CompactLayout(std::size_t width) {
  Layout layout{{{.title = "TIME", .width = 8},
                 {.title = "", .width = 6},
                 {.title = "", .width = 1},
                 {.title = "PROGRAM", .cut = Cut::kKeepBack},
                 {.title = "", .width = 4},
                 {.title = "DESTINATION", .cut = Cut::kKeepBack},
                 {.title = "WHY", .cut = Cut::kKeepFront}},
                1};
  ShareOut(layout, width, layout.columns[3], layout.columns[5], layout.columns[6]);
  return layout;
}

Layout FullLayout(std::size_t width) {
  Layout layout{{{.title = "TIME", .width = 12},
                 {.title = "VERDICT", .width = 7},
                 {.title = "PROGRAM", .cut = Cut::kKeepBack},
                 {.title = "PROTO", .width = 5},
                 {.title = "DESTINATION", .cut = Cut::kKeepBack},
                 {.title = "WHY", .cut = Cut::kKeepFront},
                 {.title = "CONFIDENCE", .width = 10},
                 {.title = "LATENCY", .align = Align::kRight, .width = 7}},
                2};
  ShareOut(layout, width, layout.columns[2], layout.columns[4], layout.columns[5]);
  return layout;
}

Layout EvidenceLayout(std::size_t width) {
  const std::size_t evidence = width / 3;
  Layout layout = FullLayout(width - evidence - 2);
  layout.columns.push_back({.title = "EVIDENCE", .cut = Cut::kKeepFront, .width = evidence});
  return layout;
}

}  // namespace

EventLines::Kind EventLines::KindFor(const Terminal& terminal, ShowEvidence evidence) {
  if (terminal.width == 0) return Kind::kFile;
  if (terminal.width < kFullWidth) return Kind::kCompact;
  const bool fits = terminal.width >= kEvidenceWidth && evidence == ShowEvidence::kIfRoom;
  return fits ? Kind::kFullWithEvidence : Kind::kFull;
}

EventLines::EventLines(const Terminal& terminal, ShowEvidence evidence, ShowNumber number)
    : terminal_(terminal),
      evidence_(evidence),
      number_(number),
      kind_(KindFor(terminal, evidence)) {
  std::size_t width = terminal.width;
  if (number == ShowNumber::kAlways) width = width > kNumberWidth ? width - kNumberWidth : 1;
  switch (kind_) {
    case Kind::kFile:
      layout_ = FileLayout();
      break;
    case Kind::kCompact:
      layout_ = CompactLayout(width);
      break;
    case Kind::kFull:
      layout_ = FullLayout(width);
      break;
    case Kind::kFullWithEvidence:
      layout_ = EvidenceLayout(width);
      break;
  }
  if (number != ShowNumber::kAlways) return;
  layout_.columns.insert(
      layout_.columns.begin(),
      {.title = "NUMBER", .align = Align::kRight, .width = kNumberWidth - layout_.gap});
}

std::string EventLines::Titles() const { return RenderTitles(layout_, terminal_.colours) + "\n"; }

StyledText EventLines::TimeCell(const v1::Event& event, std::chrono::seconds utc_offset) const {
  if (kind_ == Kind::kFile) return {Rfc3339(event.time()), Style::kDim};
  const Precision precision =
      kind_ == Kind::kCompact ? Precision::kSeconds : Precision::kMilliseconds;
  return {ClockText(event.time(), utc_offset, precision), Style::kDim};
}

std::string EventLines::RenderDetails(const v1::Event& event) const {
  std::vector<std::string> details = {fmt::format("#{} {}", event.sequence(), event.evidence())};
  if (kind_ == Kind::kCompact) {
    details.front() =
        fmt::format("#{} {}, {}: {}", event.sequence(), ConfidenceWord(event.confidence()),
                    LatencyText(Nanoseconds(event.latency())), event.evidence());
  }
  const std::string& name_from = event.dst_name_from();
  if (!name_from.empty()) details.front() += ", name from " + name_from;
  if (!event.dst_sni().empty()) details.front() += ", server name " + event.dst_sni();
  for (std::string& text : CommandTexts(event)) details.push_back(std::move(text));
  std::string lines;
  for (const std::string& text : details) {
    if (text.empty()) continue;
    StyledText line(kMargin);
    line.Append(text, Style::kDim);
    // Command lines can be long: two lines of the terminal at most.
    if (terminal_.width != 0) line = line.KeepingFront(2 * terminal_.width);
    lines += line.Render(terminal_.colours) + "\n";
  }
  return lines;
}

std::string EventLines::Render(const v1::Event& event, std::chrono::seconds utc_offset) const {
  Cells cells;
  if (number_ == ShowNumber::kAlways) {
    cells.emplace_back(std::to_string(event.sequence()), Style::kDim);
  }
  cells.insert(cells.end(), {TimeCell(event, utc_offset), VerdictCell(event)});
  if (kind_ == Kind::kCompact) cells.push_back(ConfidenceMark(event));
  cells.insert(cells.end(), {ProgramCell(event), StyledText(event.protocol()),
                             DestinationCell(event), WhyCell(event)});
  if (kind_ != Kind::kCompact) {
    cells.insert(cells.end(), {ConfidenceCell(event),
                               StyledText(LatencyText(Nanoseconds(event.latency())), Style::kDim)});
  }
  if (kind_ == Kind::kFullWithEvidence) cells.emplace_back(event.evidence(), Style::kDim);
  std::string lines = RenderRow(layout_, cells, terminal_.colours) + "\n";
  if (evidence_ == ShowEvidence::kAlways) lines += RenderDetails(event);
  return lines;
}

std::string EventLines::RenderMissed(std::uint64_t missed) const {
  const std::string text =
      fmt::format("{} {} missed: this {} was too slow", missed,
                  missed == 1 ? "decision" : "decisions", terminal_.is_tty ? "terminal" : "reader");
  return StyledText(text, Style::kWarning).Render(terminal_.colours) + "\n";
}

}  // namespace procwall
