// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_table.h"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "ui/amount_text.h"
#include "ui/event_cells.h"
#include "ui/path_text.h"

namespace procwall {
namespace {

constexpr std::size_t kMarkColumns = 2;  // "> "
constexpr std::size_t kLeastCell = 8;
constexpr std::size_t kIndent = 4;

StyledText Number(std::uint64_t number, Style style = Style::kPlain) {
  if (number == 0) return {"", style};
  return {AmountText(static_cast<double>(number)), style};
}

StyledText Rate(const std::optional<double>& rate) {
  if (!rate) return {};
  return {AmountText(*rate), *rate > 0 ? Style::kPlain : Style::kDim};
}

StyledText Total(const std::optional<std::uint64_t>& bytes) {
  if (!bytes) return {};
  return {AmountText(static_cast<double>(*bytes)), Style::kDim};
}

std::string Ago(TopTime last, TopTime now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - last).count();
  if (seconds <= 0) return "now";
  if (seconds < 100) return fmt::format("{} s", seconds);
  return fmt::format("{} min", seconds / 60);
}

Style StateStyle(const TopPlace& place) {
  if (!place.flows.empty()) return Style::kGood;
  if (place.state == "denied" || place.state == "rejected" || place.state == "cut") {
    return Style::kBad;
  }
  return place.state == "allowed" ? Style::kGood : Style::kDim;
}

StyledText StateCell(const TopRow& row) {
  if (row.place != nullptr) return {row.place->state, StateStyle(*row.place)};
  if (row.program->counts.live > 0) return fmt::format("{} live", row.program->counts.live);
  const std::size_t places = row.program->places.size();
  return {fmt::format("{} place{}", places, places == 1 ? "" : "s"), Style::kDim};
}

bool KnowsWhy(const v1::Event& event) {
  return event.reason() != v1::REASON_UNSPECIFIED || event.judged_action() != event.action();
}

StyledText Padded(StyledText cell, std::size_t width, bool to_the_right) {
  const std::size_t used = cell.Width();
  const std::string blanks(width > used ? width - used : 0, ' ');
  if (!to_the_right) return cell.Append(blanks);
  StyledText padded(blanks);
  return padded.Join(cell);
}

}  // namespace

const std::vector<TopTable::Column>& TopTable::AllColumns() {
  static const std::vector<Column> columns = {
      {Name::kProgram, "PROGRAM / OTHER SIDE", 0, 0, 0, false},
      {Name::kProtocol, "PROTO", 5, 100, 100, false},
      {Name::kMark, "", 1, 0, 0, false},
      {Name::kState, "STATE", 11, 0, 0, false},
      {Name::kRule, "RULE", 0, 0, 0, false},
      {Name::kConfidence, "CONFIDENCE", 10, 140, 110, false},
      {Name::kAllowed, "ALLOW", 5, 100, 0, true},
      {Name::kDenied, "DENY", 5, 0, 0, true},
      {Name::kPerSecond, "/s", 4, 110, 0, true},
      {Name::kInRate, "IN/s", 5, 0, kNever, true},
      {Name::kOutRate, "OUT/s", 5, 0, kNever, true},
      {Name::kIn, "IN", 5, 130, kNever, true},
      {Name::kOut, "OUT", 5, 130, kNever, true},
      {Name::kLast, "LAST", 6, 150, 90, true}};
  return columns;
}

TopTable::TopTable(std::size_t width, Bytes bytes) {
  std::size_t fixed = kMarkColumns;
  for (const Column& column : AllColumns()) {
    if (width < (bytes == Bytes::kYes ? column.from : column.plain)) continue;
    columns_.push_back(column);
    fixed += column.width + 1;
  }
  // What the certain know needs no mark beside the word for it.
  if (Has(Name::kConfidence)) {
    std::erase_if(columns_, [](const Column& column) { return column.name == Name::kMark; });
    fixed -= 2;
  }
  const std::size_t left = width + 1 > fixed ? width + 1 - fixed : 0;
  for (Column& column : columns_) {
    if (column.name == Name::kProgram) column.width = std::max(left * 6 / 10, kLeastCell);
    if (column.name == Name::kRule) column.width = std::max(left - left * 6 / 10, kLeastCell);
  }
}

bool TopTable::Has(Name name) const {
  return std::ranges::any_of(columns_, [name](const Column& each) { return each.name == name; });
}

StyledText TopTable::Titles() const {
  StyledText line(std::string(kMarkColumns, ' '));
  for (const Column& column : columns_) {
    if (&column != &columns_.front()) line.Append(" ");
    line.Join(Padded({column.title, Style::kDim}, column.width, column.is_number));
  }
  return line;
}

StyledText TopTable::Line(const TopRow& row, bool is_open, Mark mark, TopTime now) const {
  StyledText line(mark == Mark::kSelected ? "> " : "  ", Style::kAccent);
  for (const Column& column : columns_) {
    if (&column != &columns_.front()) line.Append(" ");
    const StyledText cell = Cell(column, row, is_open, now).KeepingFront(column.width);
    line.Join(Padded(cell, column.width, column.is_number));
  }
  return line;
}

StyledText TopTable::ProgramCellOf(const TopRow& row, bool is_open, std::size_t width) const {
  const bool is_program = row.place == nullptr;
  StyledText cell(is_program ? (is_open ? "- " : "+ ") : std::string(kIndent, ' '), Style::kDim);
  const std::size_t room = width > cell.Width() ? width - cell.Width() : 0;
  if (!is_program) {
    StyledText place = DestinationCell(row.place->event);
    if (!Has(Name::kProtocol)) place.Append(" " + row.place->event.protocol(), Style::kDim);
    return cell.Join(place.KeepingBack(room));
  }
  StyledText name;
  const bool is_known = row.program->event.has_process();
  if (is_known && row.program->event.alternatives().empty()) {
    AppendPath(row.program->key, name);
  } else {
    name.Append(row.program->key, Style::kWarning);
  }
  const auto& pids = row.program->pids;
  if (pids.size() == 1) name.Append(fmt::format(" {}", *pids.begin()), Style::kDim);
  if (pids.size() > 1) {
    const char* more = pids.size() >= TopModel::kMaxPids ? "+" : "";
    name.Append(fmt::format(" ({}{} pids)", pids.size(), more), Style::kDim);
  }
  return cell.Join(name.KeepingBack(room));
}

StyledText TopTable::Cell(const Column& column, const TopRow& row, bool is_open,
                          TopTime now) const {
  const TopCounts& counts = row.Counts();
  const v1::Event& event = row.Event();
  const bool is_program = row.place == nullptr;
  switch (column.name) {
    case Name::kProgram:
      return ProgramCellOf(row, is_open, column.width);
    case Name::kProtocol:
      return is_program ? StyledText() : StyledText(event.protocol());
    case Name::kMark:
      return ConfidenceMark(event);
    case Name::kState:
      return StateCell(row);
    case Name::kRule:
      return is_program || !KnowsWhy(event) ? StyledText() : WhyCell(event);
    case Name::kConfidence:
      return ConfidenceCell(event);
    case Name::kAllowed:
      return Number(counts.allowed);
    case Name::kDenied:
      return Number(counts.denied, Style::kBad);
    case Name::kPerSecond:
      return counts.per_second > 0 ? StyledText(AmountText(counts.per_second)) : StyledText();
    case Name::kInRate:
      return Rate(counts.in_rate);
    case Name::kOutRate:
      return Rate(counts.out_rate);
    case Name::kIn:
      return Total(counts.in_bytes);
    case Name::kOut:
      return Total(counts.out_bytes);
    case Name::kLast:
      return {Ago(counts.last, now), Style::kDim};
  }
  return {};
}

}  // namespace procwall
