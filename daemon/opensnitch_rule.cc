// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_rule.h"

#include <ctime>
#include <utility>

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>
#include <time.h>  // NOLINT(modernize-deprecated-headers): timegm is not C++

#include "base/printable.h"
#include "rules/references.h"
#include "rules/rule_file.h"
#include "rules/rule_json.h"
#include "rules/rule_set.h"
#include "rules/rule_writer.h"
#include "rules/utf8.h"

namespace procwall {
namespace {

constexpr std::int64_t kLastSecond = 253402300799;  // of the year 9999

// RFC 3339 without looking at the zone: opensnitchd writes both kinds, and this is for display.
std::int64_t SecondsOf(const std::string& time) {
  std::tm parts{};
  if (::strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr) return 0;
  return ::timegm(&parts);
}

std::string TimeOf(std::int64_t seconds) {
  if (seconds <= 0 || seconds > kLastSecond) return {};
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

// The conditions of a list as 1.5 reads them: the JSON text of an array.
std::string ListText(const Operator& op) {
  const Rule holder{.name = std::string(1, 'x'), .op = op};
  const auto file =
      nlohmann::ordered_json::parse(RuleFileText(holder), nullptr, /*allow_exceptions=*/false);
  if (file.is_discarded()) return {};
  return file["operator"]["data"].get<std::string>();
}

template <typename Message>
void FillOperator(const Operator& op, Message& message) {
  message.set_type(ReplaceInvalidUtf8(op.type));
  message.set_operand(ReplaceInvalidUtf8(op.operand));
  message.set_data(ReplaceInvalidUtf8(op.data));
  message.set_sensitive(op.sensitive);
}

void FillOperatorWithList(const Operator& op, opensnitch::v16::Operator& message) {
  FillOperator(op, message);
  if (op.type != "list") return;
  message.clear_data();
  for (const Operator& inner : op.list) FillOperatorWithList(inner, *message.add_list());
}

template <typename Message>
void FillCommon(const Rule& rule, Message& message) {
  message.set_name(ReplaceInvalidUtf8(rule.name));
  message.set_enabled(rule.enabled);
  message.set_precedence(rule.precedence);
  message.set_action(RuleActionName(rule.action));
  message.set_duration(ReplaceInvalidUtf8(rule.duration));
}

template <typename Message>
Operator ReadOperator(const Message& message) {
  Operator op;
  op.type = message.type();
  op.operand = message.operand();
  op.data = message.data();
  op.sensitive = message.sensitive();
  return op;
}

// As deep as protobuf lets it be: it refuses messages that are nested more than 100 times.
Operator ReadOperatorWithList(const opensnitch::v16::Operator& message) {
  Operator op = ReadOperator(message);
  for (const auto& inner : message.list()) op.list.push_back(ReadOperatorWithList(inner));
  return op;
}

template <typename Message>
GuiRule ReadCommon(const Message& message) {
  GuiRule read;
  read.rule.name = message.name();
  read.rule.enabled = message.enabled();
  read.rule.precedence = message.precedence();
  read.rule.action = ParseRuleAction(message.action()).value_or(RuleAction::kDeny);
  read.rule.duration = message.duration();
  read.has_operator = message.has_operator_() && !message.operator_().type().empty();
  return read;
}

// Lists keep their conditions in `list` alone, and nothing else has any: a GUI leaves behind what a
// condition was before somebody edited it.
void DropLeftovers(Operator& op) {
  if (op.type != "list") op.list.clear();
  if (!op.list.empty()) op.data.clear();
  for (Operator& inner : op.list) DropLeftovers(inner);
}

}  // namespace

void FillRule(const Rule& rule, opensnitch::v15::Rule& message) {
  FillCommon(rule, message);
  FillOperator(rule.op, *message.mutable_operator_());
  if (rule.op.type == "list") message.mutable_operator_()->set_data(ListText(rule.op));
}

void FillRule(const Rule& rule, opensnitch::v16::Rule& message) {
  FillCommon(rule, message);
  message.set_created(SecondsOf(rule.created));
  message.set_description(ReplaceInvalidUtf8(rule.description));
  message.set_nolog(rule.nolog);
  FillOperatorWithList(rule.op, *message.mutable_operator_());
}

GuiRule ReadRule(const opensnitch::v15::Rule& message) {
  GuiRule read = ReadCommon(message);
  read.rule.op = ReadOperator(message.operator_());
  return read;
}

GuiRule ReadRule(const opensnitch::v16::Rule& message) {
  GuiRule read = ReadCommon(message);
  read.rule.created = TimeOf(message.created());
  read.rule.description = message.description();
  read.rule.nolog = message.nolog();
  read.rule.op = ReadOperatorWithList(message.operator_());
  return read;
}

tl::expected<Rule, std::string> UsableRule(const GuiRule& sent, const NetworkAliases& aliases) {
  if (sent.rule.name.empty()) return tl::unexpected<std::string>("the rule has no name");
  if (!sent.has_operator) return tl::unexpected<std::string>("the rule has no condition");
  if (sent.rule.duration.empty()) return tl::unexpected<std::string>("the rule has no duration");
  // The way of a rule file: what holds for one holds for the other. Enabled, so that all is looked
  // at.
  Rule whole = sent.rule;
  whole.enabled = true;
  auto read = ParseRuleFile(ToJson(whole), "");
  if (!read) return tl::unexpected(read.error().reason);
  DropLeftovers(read->op);
  Rule usable = *std::move(read);
  usable.enabled = sent.rule.enabled;
  if (!usable.enabled) return usable;
  References references;
  references.aliases = aliases;
  if (const auto error = CheckRule(usable, nullptr, references)) {
    return tl::unexpected(error->reason);
  }
  return usable;
}

Rule KeepUnsaid(GuiDialect dialect, const Rule& before, Rule sent) {
  sent.enforce = before.enforce;
  sent.created = before.created;
  if (dialect == GuiDialect::k15) {
    sent.description = before.description;
    sent.nolog = before.nolog;
  }
  return sent;
}

}  // namespace procwall
