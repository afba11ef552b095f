// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/condition_text.h"

#include <fmt/format.h>

namespace procwall {
namespace {

enum class Level : unsigned char { kTop, kNested };

std::string Describe(const v1::Operator& condition, Level level);

// What a list of this kind is compared with.
std::string ListedFact(const std::string& operand) {
  if (operand == "lists.domains") return "dest.host is listed in";
  if (operand == "lists.domains_regexp") return "dest.host matches one of";
  if (operand == "lists.ips" || operand == "lists.nets") return "dest.ip is listed in";
  if (operand == "lists.hash.md5") return "process.hash.md5 is listed in";
  return operand + " of";
}

// Recursion ends: protobuf accepts no message nested deeper than 100 levels.
std::string DescribeAll(const v1::Operator& condition, Level level) {
  std::string text;
  for (const v1::Operator& part : condition.list()) {
    if (!text.empty()) text += " and ";
    text += Describe(part, Level::kNested);
  }
  if (text.empty()) return "an empty list";
  return level == Level::kTop ? text : "(" + text + ")";
}

std::string Describe(const v1::Operator& condition, Level level) {
  const std::string& type = condition.type();
  const std::string& operand = condition.operand();
  const std::string& data = condition.data();
  if (type == "list") return DescribeAll(condition, level);
  if (operand == "true") return "anything";
  const char* exactly = condition.sensitive() ? "exactly " : "";
  if (type == "simple") return fmt::format("{} is {}{}", operand, exactly, data);
  if (type == "regexp") return fmt::format("{} matches {}{}", operand, exactly, data);
  if (type == "network") return fmt::format("{} is in {}", operand, data);
  if (type == "range") return fmt::format("{} is between {}", operand, data);
  if (type == "lists") return fmt::format("{} {}", ListedFact(operand), data);
  return fmt::format("{} {} {}", operand, type, data);
}

v1::Operator MessageOf(const Operator& op) {
  v1::Operator message;
  message.set_type(op.type);
  message.set_operand(op.operand);
  message.set_data(op.data);
  message.set_sensitive(op.sensitive);
  for (const Operator& inner : op.list) *message.add_list() = MessageOf(inner);
  return message;
}

}  // namespace

std::string ConditionText(const Operator& condition) { return ConditionText(MessageOf(condition)); }

std::string ConditionText(const v1::Operator& condition) {
  return Describe(condition, Level::kTop);
}

}  // namespace procwall
