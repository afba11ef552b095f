// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace procwall {

enum class RuleAction : std::uint8_t { kAllow, kDeny, kReject };
const char* RuleActionName(RuleAction action);  // "allow", "deny", "reject"
// Exactly one of those names, else nullopt.
std::optional<RuleAction> ParseRuleAction(std::string_view text);

// (The braces below let a rule be written as {.name = "x"} without a warning about the rest.)

// One condition of a rule, as the file says it: type, operand and data are texts of OpenSnitch's
// format (reference: docs/RULES.md). Not compiled, not checked.
struct Operator {
  std::string type{};     // simple, regexp, network, list, ...
  std::string operand{};  // process.path, dest.port, ...
  std::string data{};
  bool sensitive = false;        // true: letter case matters
  std::vector<Operator> list{};  // conditions that must all hold, for type list

  friend bool operator==(const Operator&, const Operator&) = default;
};
// Lists in lists: deeper ones are refused.
inline constexpr std::size_t kMaxListNesting = 16;

// One rule as its file says it. The name is its identity; rules are tried in bytewise order of
// their names.
struct Rule {
  std::string name{};
  std::string description{};
  std::string created{};  // as in the file: RFC 3339, or anything
  std::string updated{};
  bool enabled = false;
  bool precedence = false;  // a match ends the search, also for allow
  bool nolog = false;       // decides without an event
  RuleAction action = RuleAction::kDeny;
  std::string duration = "always";  // "always", "until restart", "once", or a Go duration
  Operator op{};
  bool enforce = true;  // false: a shadow rule, judged and told, but it decides nothing

  friend bool operator==(const Rule&, const Rule&) = default;
};
// A match of such a rule ends the search: it decides, and no later one. The first of them counts;
// of the others, plain allows, the last.
bool EndsTheSearch(const Rule& rule);

}  // namespace procwall
