// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_screen.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ui/amount_text.h"
#include "ui/top_details.h"
#include "ui/top_table.h"

namespace procwall {
namespace {

using Lines = std::vector<StyledText>;
using Mode = TopDialogue::Mode;

constexpr std::size_t kHeadLines = 4;  // with the titles

StyledText Title(const TopDialogue& dialogue, const TopHead& head) {
  StyledText line("procwall top", Style::kBold);
  line.Append(head.observes ? ": observing, every packet passes" : ": enforcing",
              head.observes ? Style::kWarning : Style::kPlain);
  line.Append(", without a rule: " + head.default_action);
  if (dialogue.IsPaused()) line.Append("   paused", Style::kWarning);
  return line;
}

std::string Plural(std::size_t count, const char* one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

StyledText Totals(const TopDialogue& dialogue, const TopHead& head) {
  TopCounts all;
  for (const TopProgram& program : dialogue.Programs()) all.Add(program.counts);
  StyledText line(Plural(dialogue.Programs().size(), "program"));
  if (all.live > 0)
    line.Append(fmt::format(", {} live", AmountText(static_cast<double>(all.live))));
  line.Append(fmt::format(", {} allowed, {} denied, {}/s",
                          AmountText(static_cast<double>(all.allowed)),
                          AmountText(static_cast<double>(all.denied)), AmountText(all.per_second)));
  if (head.counts_bytes) {
    line.Append(fmt::format(", in {}B/s, out {}B/s", AmountText(all.in_rate.value_or(0)),
                            AmountText(all.out_rate.value_or(0))));
  }
  return line;
}

// One line for whatever is to be said: the most urgent of it.
StyledText Notice(const TopDialogue& dialogue, const TopHead& head) {
  const bool is_typing = dialogue.ShownMode() == Mode::kFilter;
  if (is_typing) {
    StyledText line("Filter: ", Style::kAccent);
    return line.Append(dialogue.View().filter).Append("_", Style::kAccent);
  }
  if (!dialogue.News().empty()) return {dialogue.News(), Style::kWarning};
  if (!head.problem.empty()) return {head.problem, Style::kBad};
  if (!dialogue.View().filter.empty()) {
    StyledText line("Filter: ", Style::kAccent);
    return line.Append(dialogue.View().filter).Append("   (Esc: none)", Style::kDim);
  }
  if (head.missed > 0) {
    return {fmt::format("{} decisions were missed: this terminal is too slow", head.missed),
            Style::kWarning};
  }
  return {head.note, Style::kDim};
}

StyledText Foot(const TopDialogue& dialogue, std::size_t width) {
  switch (dialogue.ShownMode()) {
    case Mode::kFilter:
      return {"Enter keeps the filter   Esc as before", Style::kDim};
    case Mode::kDetails:
      return {"up/down scroll   d deny   a allow   c cut   any other key goes back", Style::kDim};
    case Mode::kRule:
      return {"Enter saves   s reach   t time   a allow   d deny   Esc back", Style::kDim};
    case Mode::kCut:
      return {"Enter cuts   Esc back", Style::kDim};
    case Mode::kHelp:
      return {"any key goes back", Style::kDim};
    case Mode::kList:
      break;
  }
  constexpr std::size_t kRoomForPause = 90;
  return {
      fmt::format("Enter info  d deny  a allow  c cut  / filter  s by {}  {}? help  q quit",
                  TopSortName(dialogue.View().sort), width < kRoomForPause ? "" : "Space pause  "),
      Style::kDim};
}

TopTable::Bytes BytesOf(const TopHead& head) {
  return head.counts_bytes ? TopTable::Bytes::kYes : TopTable::Bytes::kNo;
}

void AddRows(Lines& lines, const TopDialogue& dialogue, const TopTable& table, std::size_t room,
             TopTime now) {
  const auto& rows = dialogue.Rows();
  const std::size_t shown = std::min(room, rows.size());
  const std::size_t half = shown / 2;
  const std::size_t selected = dialogue.Selected();
  const std::size_t first = std::min(selected > half ? selected - half : 0, rows.size() - shown);
  for (std::size_t i = first; i < first + shown; ++i) {
    const auto mark = i == selected ? TopTable::Mark::kSelected : TopTable::Mark::kNone;
    const bool is_open = dialogue.View().IsOpen(rows[i].program->key);
    lines.push_back(table.Line(rows[i], is_open, mark, now));
  }
  if (rows.empty() && room > 0) {
    lines.emplace_back(dialogue.View().filter.empty() ? "  Nothing has used the network yet."
                                                      : "  Nothing fits the filter.",
                       Style::kDim);
  }
}

Lines Body(const TopDialogue& dialogue, std::size_t width, std::chrono::seconds utc_offset,
           UserNames& users) {
  switch (dialogue.ShownMode()) {
    case Mode::kDetails:
      return DetailLines(dialogue, width, utc_offset, users);
    case Mode::kRule:
      return RuleLines(dialogue, width);
    case Mode::kCut:
      return CutLines(dialogue);
    default:
      return TopHelpLines();
  }
}

}  // namespace

TopPicture TopScreen(const TopDialogue& dialogue, const TopHead& head, ScreenSize size, TopTime now,
                     std::chrono::seconds utc_offset, UserNames& users) {
  TopPicture picture;
  if (size.height == 0) return picture;
  Lines& lines = picture.lines;
  lines.push_back(Title(dialogue, head));
  if (size.height > 1) {
    const bool is_list =
        dialogue.ShownMode() == Mode::kList || dialogue.ShownMode() == Mode::kFilter;
    const std::size_t limit = size.height - 1;  // above the foot
    if (is_list) {
      const TopTable table(size.width, BytesOf(head));
      lines.push_back(Totals(dialogue, head));
      lines.push_back(Notice(dialogue, head));
      lines.push_back(table.Titles());
      picture.extent.page = limit > kHeadLines ? limit - kHeadLines : 0;
      AddRows(lines, dialogue, table, picture.extent.page, now);
    } else {
      Lines body = Body(dialogue, size.width, utc_offset, users);
      lines.emplace_back();
      const std::size_t room = limit > lines.size() ? limit - lines.size() : 0;
      picture.extent.page = room;
      picture.extent.last_offset = body.size() > room ? body.size() - room : 0;
      const bool scrolls = dialogue.ShownMode() == Mode::kDetails;
      const std::size_t offset =
          scrolls ? std::min(dialogue.ShownDetails().offset, picture.extent.last_offset) : 0;
      for (std::size_t i = offset; i < std::min(offset + room, body.size()); ++i) {
        lines.push_back(std::move(body[i]));
      }
    }
    lines.resize(std::min(lines.size(), limit));
    while (lines.size() < limit) lines.emplace_back();
    lines.push_back(Foot(dialogue, size.width));
  }
  for (StyledText& line : lines) line = line.KeepingFront(size.width);
  return picture;
}

std::vector<StyledText> TopPage(const TopDialogue& dialogue, const TopHead& head, std::size_t width,
                                TopTime now) {
  const TopTable table(width, BytesOf(head));
  Lines lines{Title(dialogue, head), Totals(dialogue, head)};
  if (StyledText notice = Notice(dialogue, head); notice.Width() > 0) lines.push_back(notice);
  lines.push_back(table.Titles());
  for (const TopRow& row : dialogue.Rows()) {
    const bool is_open = dialogue.View().IsOpen(row.program->key);
    lines.push_back(table.Line(row, is_open, TopTable::Mark::kNone, now));
  }
  if (dialogue.Rows().empty()) AddRows(lines, dialogue, table, 1, now);
  for (StyledText& line : lines) line = line.KeepingFront(width);
  return lines;
}

}  // namespace procwall
