// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_writer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

#include "rules/json_edit.h"
#include "rules/rule_file.h"
#include "rules/rule_json.h"
#include "rules/text.h"

namespace procwall {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr int kMaxNesting = 64;
constexpr std::array<std::string_view, 11> kRuleKeys = {
    "created", "updated", "name",   "description", "enabled", "precedence",
    "nolog",   "enforce", "action", "duration",    "operator"};
constexpr std::array<std::string_view, 5> kOperatorKeys = {"type", "operand", "sensitive", "data",
                                                           "list"};

std::string Lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), ToLowerAscii);
  return text;
}

// The value of that key in any case: of several, the last, which is the one that is read.
const OrderedJson* FindKey(const OrderedJson& object, std::string_view key) {
  const OrderedJson* found = nullptr;
  if (!object.is_object()) return found;
  for (const auto& [name, value] : object.items()) {
    if (Lowered(name) == key) found = &value;
  }
  return found;
}

void KeepUnknownKeys(std::span<const std::string_view> known, const OrderedJson& before,
                     OrderedJson& after) {
  if (!before.is_object()) return;
  for (const auto& [name, value] : before.items()) {
    if (std::find(known.begin(), known.end(), Lowered(name)) == known.end()) after[name] = value;
  }
}

// Conditions are the same by their place. ToJson() has made `after`, so that all its keys are
// there; its nesting is limited by the parser's.
void KeepUnknownOperatorKeys(const OrderedJson* before, OrderedJson& after) {
  if (before == nullptr) return;
  KeepUnknownKeys(kOperatorKeys, *before, after);
  const OrderedJson* list = FindKey(*before, "list");
  if (list == nullptr || !list->is_array()) return;
  OrderedJson& new_list = after["list"];
  for (std::size_t i = 0; i < std::min(list->size(), new_list.size()); ++i) {
    KeepUnknownOperatorKeys(&(*list)[i], new_list[i]);
  }
}

// A list's conditions as text in `data`, innermost first.
void FillListTexts(OrderedJson& op) {
  if (op["type"] != "list") return;
  for (OrderedJson& inner : op["list"]) FillListTexts(inner);
  op["data"] = op["list"].dump();
}

// `before` with what can be changed without writing it anew; nullopt: then it is not `rule`.
std::optional<std::string> ChangedInPlace(const Rule& rule, std::string_view before) {
  const auto old = ParseRuleFile(before, "");
  if (!old) return std::nullopt;
  const auto quoted = [](const std::string& text) {
    return OrderedJson(text).dump(-1, ' ', /*ensure_ascii=*/false,
                                  OrderedJson::error_handler_t::replace);
  };
  std::optional<std::string> text = std::string(before);
  if (text && old->updated != rule.updated)
    text = WithMember(*text, "updated", quoted(rule.updated));
  if (text && old->created != rule.created)
    text = WithMember(*text, "created", quoted(rule.created));
  if (text && old->enabled != rule.enabled) {
    text = WithMember(*text, "enabled", rule.enabled ? "true" : "false");
  }
  if (!text) return std::nullopt;
  const auto read = ParseRuleFile(*text, "");
  return read && *read == rule ? text : std::nullopt;
}

}  // namespace

bool LosesComments(const Rule& rule, std::string_view before) {
  return HasComments(before) && !ChangedInPlace(rule, before);
}

std::string RuleFileText(const Rule& rule, std::string_view before) {
  if (HasComments(before)) {
    if (auto changed = ChangedInPlace(rule, before)) return *std::move(changed);
  }
  OrderedJson after = OrderedJson::parse(ToJson(rule), nullptr, /*allow_exceptions=*/false);
  FillListTexts(after["operator"]);
  // What is nested too deep to be written again is left out.
  const auto is_shallow = [](int depth, OrderedJson::parse_event_t, OrderedJson&) {
    return depth <= kMaxNesting;
  };
  const OrderedJson old = OrderedJson::parse(before, is_shallow, /*allow_exceptions=*/false,
                                             /*ignore_comments=*/true);
  if (!old.is_discarded()) {
    KeepUnknownOperatorKeys(FindKey(old, "operator"), after["operator"]);
    KeepUnknownKeys(kRuleKeys, old, after);
  }
  return after.dump(2, ' ', /*ensure_ascii=*/false, OrderedJson::error_handler_t::replace);
}

}  // namespace procwall
