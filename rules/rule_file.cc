// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_file.h"

#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "rules/condition_compiler.h"
#include "rules/json_places.h"
#include "rules/lifetime.h"
#include "rules/rule_reader.h"

namespace procwall {
namespace {

tl::unexpected<RuleError> Fail(std::string_view file, std::string_view text, std::size_t offset,
                               std::string reason) {
  const LineColumn at = LineColumnAt(text, offset);
  return tl::unexpected(RuleError{std::string(file), at.line, at.column, std::move(reason)});
}

// Fills lists that exist only as text in `data`: so OpenSnitch saves a list that came from its GUI
// before 1.6, and disabled ones.
std::optional<std::string> ReadListTexts(Operator& op, std::size_t depth) {
  if (op.type != "list" || depth == kMaxListNesting) return std::nullopt;
  if (op.list.empty() && !op.data.empty()) {
    if (const auto error = ReadOperators(op.data, op.list)) {
      op.list.clear();
      const LineColumn at = LineColumnAt(op.data, error->offset);
      return fmt::format("the text in data is not a list of conditions: {}:{}: {}", at.line,
                         at.column, error->reason);
    }
  }
  for (Operator& inner : op.list) {
    if (auto error = ReadListTexts(inner, depth + 1)) return error;
  }
  return std::nullopt;
}

// Where that part of the operator stands; as near as the text has it, for it may come out of
// `data`.
std::size_t PlaceOf(const OperatorPlaces& outermost, const ConditionError& error) {
  const OperatorPlaces* places = &outermost;
  for (const std::size_t index : error.path) {
    if (index >= places->list.size()) return places->data;
    places = &places->list[index];
  }
  const std::size_t part = error.part == OperatorPart::kType      ? places->type
                           : error.part == OperatorPart::kOperand ? places->operand
                           : error.part == OperatorPart::kData    ? places->data
                                                                  : places->whole;
  return part == 0 ? places->whole : part;  // 0: that part is missing
}

tl::expected<RuleText, RuleError> ReadRuleText(std::string_view text, std::string_view file) {
  if (text.size() > kMaxRuleFileBytes) {
    return tl::unexpected(
        RuleError{std::string(file), 0, 0,
                  fmt::format("larger than the {} bytes a rule may have", kMaxRuleFileBytes)});
  }
  RuleText read;
  if (auto error = ReadRule(text, read)) return Fail(file, text, error->offset, error->reason);
  const std::size_t start = NextTokenPlace(text, 0);
  if (read.rule.name.empty()) {
    return Fail(file, text, read.name_place == 0 ? start : read.name_place, "the rule has no name");
  }
  if (!read.has_operator) return Fail(file, text, start, "the rule has no operator");
  // What is wrong with a disabled rule does not matter until someone enables it.
  if (auto error = ReadListTexts(read.rule.op, 0); error && read.rule.enabled) {
    return Fail(file, text, read.places.data, *error);
  }
  return read;
}

}  // namespace

tl::expected<Rule, RuleError> ParseRuleFile(std::string_view text, std::string_view file_name) {
  return ReadRuleText(text, file_name).map([](RuleText&& read) { return std::move(read.rule); });
}

tl::expected<CheckedRule, RuleError> CheckRuleFile(std::string_view text,
                                                   std::string_view file_name,
                                                   const References& references) {
  auto read = ReadRuleText(text, file_name);
  if (!read) return tl::unexpected(read.error());
  CheckedRule checked{std::move(read->rule), std::nullopt, {}};
  if (!checked.rule.enabled) return checked;
  if (read->unknown_action) {
    checked.notes.push_back(fmt::format("action \"{}\" is not known: it acts as deny",
                                        Printable(*read->unknown_action)));
  }
  auto condition = CompileCondition(checked.rule.op, references, &checked.notes);
  if (!condition) {
    return Fail(file_name, text, PlaceOf(read->places, condition.error()),
                fmt::format("{}: {}", condition.error().Where(), condition.error().reason));
  }
  checked.condition = *std::move(condition);
  switch (Lifetime::Of(checked.rule.duration).kind) {
    case Lifetime::Kind::kOnce:
      return Fail(file_name, text, read->duration_place,
                  "a rule that holds once is for one answer, not for a file");
    case Lifetime::Kind::kNotKnown:
      checked.notes.push_back(fmt::format("duration \"{}\" is not known: it acts as always",
                                          Printable(checked.rule.duration)));
      break;
    default:
      break;
  }
  return checked;
}

}  // namespace procwall
