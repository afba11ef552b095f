// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_json.h"

#include <nlohmann/json.hpp>

namespace procwall {
namespace {

using OrderedJson = nlohmann::ordered_json;  // keeps the order of insertion

OrderedJson JsonOf(const Operator& op) {
  OrderedJson list = OrderedJson::array();
  for (const Operator& inner : op.list) list.push_back(JsonOf(inner));
  return {{"type", op.type},
          {"operand", op.operand},
          {"sensitive", op.sensitive},
          {"data", op.data},
          {"list", std::move(list)}};
}

OrderedJson JsonOf(const Rule& rule) {
  OrderedJson json = OrderedJson::object();
  if (!rule.created.empty()) json["created"] = rule.created;
  if (!rule.updated.empty()) json["updated"] = rule.updated;
  json["name"] = rule.name;
  if (!rule.description.empty()) json["description"] = rule.description;
  json["enabled"] = rule.enabled;
  json["precedence"] = rule.precedence;
  if (rule.nolog) json["nolog"] = true;
  if (!rule.enforce) json["enforce"] = false;
  json["action"] = RuleActionName(rule.action);
  json["duration"] = rule.duration;
  json["operator"] = JsonOf(rule.op);
  return json;
}

constexpr auto kReplaceInvalidUtf8 = OrderedJson::error_handler_t::replace;

}  // namespace

std::string ToJson(const Rule& rule) {
  return JsonOf(rule).dump(2, ' ', /*ensure_ascii=*/false, kReplaceInvalidUtf8);
}

std::string ToJsonLine(const Rule& rule) {
  return JsonOf(rule).dump(-1, ' ', /*ensure_ascii=*/false, kReplaceInvalidUtf8);
}

}  // namespace procwall
