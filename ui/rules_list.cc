// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_list.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "record/json_text.h"
#include "ui/condition_text.h"
#include "ui/table.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

constexpr std::size_t kRoomForConditions = 110;

Style StyleOf(const v1::Rule& rule) {
  if (!rule.enabled()) return Style::kDim;
  return rule.action() == "allow" ? Style::kGood : Style::kBad;
}

std::string FlagsText(const v1::Rule& rule) {
  std::string flags = rule.precedence() ? "precedence" : "";
  if (rule.nolog()) flags += flags.empty() ? "nolog" : ", nolog";
  if (rule.is_shadow()) flags += flags.empty() ? "on trial" : ", on trial";
  return flags;
}

Style TextStyleOf(const v1::Rule& rule) { return rule.enabled() ? Style::kPlain : Style::kDim; }

// Whether the daemon counts what each rule decides.
enum class Hits : unsigned char { kNotCounted, kCounted };
Hits HitsIn(const v1::ListRulesResponse& response) {
  return response.counts_hits() ? Hits::kCounted : Hits::kNotCounted;
}

// "17, 2024-03-01 16:30:02"
std::string UseText(const v1::Rule& rule) {
  if (rule.hits() == 0) return "never";
  std::string time = Rfc3339(rule.last_used()).substr(0, 19);
  time[10] = ' ';
  return fmt::format("{}, {}", rule.hits(), time);
}

Cells RowOf(const v1::Rule& rule, Hits hits) {
  const Style text = TextStyleOf(rule);
  Cells cells = {StyledText(rule.name(), text), StyledText(rule.action(), StyleOf(rule)),
                 StyledText(rule.enabled() ? "on" : "off", text), StyledText(rule.duration(), text),
                 StyledText(FlagsText(rule), Style::kAccent)};
  if (hits == Hits::kCounted) {
    cells.emplace_back(UseText(rule), rule.hits() == 0 ? Style::kDim : text);
  }
  return cells;
}

StyledText ConditionCell(const v1::Rule& rule) {
  return {ConditionText(rule.operator_()), TextStyleOf(rule)};
}

Layout RuleColumns(Hits hits) {
  Layout layout{{{.title = "NAME", .cut = Cut::kKeepFront},
                 {.title = "ACTION"},
                 {.title = ""},
                 {.title = "FOR"},
                 {.title = "FLAGS"}},
                2};
  if (hits == Hits::kCounted) layout.columns.push_back({.title = "USED (UTC)"});
  return layout;
}

// Conditions are sentences: beside the rest where there is room, else below it.
std::string WideTable(const v1::ListRulesResponse& response, const Terminal& terminal) {
  const Hits hits = HitsIn(response);
  Layout layout = RuleColumns(hits);
  layout.columns.push_back({.title = "WHEN", .cut = Cut::kKeepFront, .min_width = 40});
  std::vector<Cells> rows;
  for (const v1::Rule& rule : response.rules()) {
    rows.push_back(RowOf(rule, hits));
    rows.back().push_back(ConditionCell(rule));
  }
  return RenderTable(layout, rows, terminal);
}

std::string NarrowTable(const v1::ListRulesResponse& response, const Terminal& terminal) {
  const Hits hits = HitsIn(response);
  std::vector<Cells> rows;
  for (const v1::Rule& rule : response.rules()) rows.push_back(RowOf(rule, hits));
  std::istringstream table(RenderTable(RuleColumns(hits), rows, terminal));
  std::string line;
  std::getline(table, line);
  std::string text = line + "\n";
  for (const v1::Rule& rule : response.rules()) {
    std::getline(table, line);
    text += line + "\n    " + ConditionCell(rule).Render(terminal.colours) + "\n";
  }
  return text;
}

std::string WhereText(const v1::RefusedFile& refused) {
  if (refused.line() == 0) return refused.file();
  return fmt::format("{}:{}:{}", refused.file(), refused.line(), refused.column());
}

std::string RefusedText(const v1::RefusedFile& refused, const Terminal& terminal) {
  StyledText line;
  line.Append("  ").Append(WhereText(refused), Style::kBold).Append(" ").Append(refused.reason());
  StyledText consequence;
  consequence.Append(refused.previous_version_in_force()
                         ? "    its previous version is still in force"
                         : "    nothing of it is in force",
                     Style::kDim);
  return line.Render(terminal.colours) + "\n" + consequence.Render(terminal.colours) + "\n";
}

std::string Heading(const v1::ListRulesResponse& response) {
  const auto enabled = std::count_if(response.rules().begin(), response.rules().end(),
                                     [](const v1::Rule& rule) { return rule.enabled(); });
  const auto on_trial =
      std::count_if(response.rules().begin(), response.rules().end(),
                    [](const v1::Rule& rule) { return rule.enabled() && rule.is_shadow(); });
  const auto disabled = response.rules_size() - enabled;
  std::string text = fmt::format("{} {} in force", enabled, enabled == 1 ? "rule" : "rules");
  if (on_trial > 0) text += fmt::format(" ({} of them on trial)", on_trial);
  if (disabled > 0) text += fmt::format(", {} switched off", disabled);
  return text + ", from " + response.directory();
}

Json ConditionJson(const v1::Operator& condition) {
  Json json = {{"type", JsonText(condition.type())},
               {"operand", JsonText(condition.operand())},
               {"data", JsonText(condition.data())},
               {"sensitive", condition.sensitive()}};
  if (condition.list_size() > 0) {
    json["list"] = Json::array();
    for (const v1::Operator& part : condition.list()) json["list"].push_back(ConditionJson(part));
  }
  return json;
}

Json RuleJson(const v1::Rule& rule, Hits hits) {
  return {{"kind", "rule"},
          {"name", JsonText(rule.name())},
          {"action", JsonText(rule.action())},
          {"enabled", rule.enabled()},
          {"duration", JsonText(rule.duration())},
          {"precedence", rule.precedence()},
          {"nolog", rule.nolog()},
          {"enforce", !rule.is_shadow()},
          {"description", JsonText(rule.description())},
          {"condition", JsonText(ConditionText(rule.operator_()))},
          {"operator", ConditionJson(rule.operator_())},
          {"file", JsonText(rule.file())},
          {"created", JsonText(rule.created())},
          {"updated", JsonText(rule.updated())},
          {"hits", hits == Hits::kCounted ? Json(rule.hits()) : Json(nullptr)},
          {"last_used", rule.has_last_used() ? Json(Rfc3339(rule.last_used())) : Json(nullptr)}};
}

Json RefusedJson(const v1::RefusedFile& refused) {
  return {{"kind", "refused"},
          {"file", JsonText(refused.file())},
          {"line", refused.line()},
          {"column", refused.column()},
          {"reason", JsonText(refused.reason())},
          {"previous_version_in_force", refused.previous_version_in_force()}};
}

}  // namespace

std::string RulesText(const v1::ListRulesResponse& response, const Terminal& terminal) {
  std::string text = StyledText(Heading(response), Style::kBold).Render(terminal.colours) + "\n";
  if (response.rules_size() > 0) {
    const bool narrow = terminal.width != 0 && terminal.width < kRoomForConditions;
    text += "\n" + (narrow ? NarrowTable : WideTable)(response, terminal);
  }
  if (response.refused_size() > 0) {
    text += "\n" +
            StyledText(response.refused_size() == 1
                           ? std::string("1 file is refused")
                           : fmt::format("{} files are refused", response.refused_size()),
                       Style::kBad)
                .Render(terminal.colours) +
            "\n";
  }
  for (const v1::RefusedFile& refused : response.refused()) text += RefusedText(refused, terminal);
  return text;
}

std::string RulesJson(const v1::ListRulesResponse& response) {
  std::string lines;
  for (const v1::Rule& rule : response.rules()) {
    lines += OneLine(RuleJson(rule, HitsIn(response))) + "\n";
  }
  for (const v1::RefusedFile& refused : response.refused()) {
    lines += OneLine(RefusedJson(refused)) + "\n";
  }
  return lines;
}

ExitCode RunRulesList(OutputForm form, DaemonClient& client, const Console& console) {
  const auto response = client.ListRules();
  if (!response) {
    PrintDaemonError(response.error(), console.err);
    return kFailed;
  }
  console.out << (form == OutputForm::kJson ? RulesJson(*response)
                                            : RulesText(*response, console.terminal));
  return kSuccess;
}

}  // namespace procwall
