// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule.h"

namespace procwall {

const char* RuleActionName(RuleAction action) {
  switch (action) {
    case RuleAction::kAllow:
      return "allow";
    case RuleAction::kDeny:
      return "deny";
    case RuleAction::kReject:
      return "reject";
  }
  return "deny";
}

std::optional<RuleAction> ParseRuleAction(std::string_view text) {
  for (const auto action : {RuleAction::kAllow, RuleAction::kDeny, RuleAction::kReject}) {
    if (text == RuleActionName(action)) return action;
  }
  return std::nullopt;
}

bool EndsTheSearch(const Rule& rule) {
  return rule.precedence || rule.action != RuleAction::kAllow;
}

}  // namespace procwall
