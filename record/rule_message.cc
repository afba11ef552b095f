// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/rule_message.h"

#include <cstddef>
#include <optional>

#include <fmt/format.h>

#include "base/printable.h"
#include "rules/recorded_event.h"

namespace procwall {
namespace {

// nullopt: nested too deep.
std::optional<Operator> OperatorOf(const v1::Operator& message, std::size_t nesting) {
  if (nesting > kMaxListNesting) return std::nullopt;
  Operator op{Unprintable(message.type()),
              Unprintable(message.operand()),
              Unprintable(message.data()),
              message.sensitive(),
              {}};
  for (const v1::Operator& condition : message.list()) {
    auto inner = OperatorOf(condition, nesting + 1);
    if (!inner) return std::nullopt;
    op.list.push_back(*std::move(inner));
  }
  return op;
}

void Fill(const Operator& op, v1::Operator& message) {
  message.set_type(Printable(op.type));
  message.set_operand(Printable(op.operand));
  message.set_data(Printable(op.data));
  message.set_sensitive(op.sensitive);
  for (const Operator& condition : op.list) Fill(condition, *message.add_list());
}

}  // namespace

v1::Rule ToMessage(const Rule& rule) {
  v1::Rule message;
  message.set_name(Printable(rule.name));
  message.set_description(Printable(rule.description));
  message.set_enabled(rule.enabled);
  message.set_precedence(rule.precedence);
  message.set_nolog(rule.nolog);
  message.set_is_shadow(!rule.enforce);
  message.set_action(RuleActionName(rule.action));
  message.set_duration(Printable(rule.duration));
  message.set_created(Printable(rule.created));
  message.set_updated(Printable(rule.updated));
  Fill(rule.op, *message.mutable_operator_());
  return message;
}

tl::expected<Rule, std::string> RuleOf(const v1::Rule& message) {
  const auto action = ParseRuleAction(message.action());
  if (!action) {
    return tl::unexpected(fmt::format("\"{}\" is no action: they are allow, deny and reject",
                                      Printable(message.action())));
  }
  auto op = OperatorOf(message.operator_(), 0);
  if (!op) return tl::unexpected(fmt::format("lists are nested deeper than {}", kMaxListNesting));
  Rule rule;
  rule.name = Unprintable(message.name());
  rule.description = Unprintable(message.description());
  rule.enabled = message.enabled();
  rule.precedence = message.precedence();
  rule.nolog = message.nolog();
  rule.enforce = !message.is_shadow();
  rule.action = *action;
  rule.duration = Unprintable(message.duration());
  rule.op = *std::move(op);
  return rule;
}

}  // namespace procwall
