// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rule_text.h"

#include <fmt/format.h>

#include "rules/rule_json.h"
#include "ui/condition_text.h"
#include "ui/styled_text.h"

namespace procwall {

std::string RuleText(const Rule& rule, Colours colours) {
  const bool allows = rule.action == RuleAction::kAllow;
  StyledText head;
  head.Append(RuleActionName(rule.action), allows ? Style::kGood : Style::kBad)
      .Append(fmt::format(" \"{}\"", rule.name), Style::kBold)
      .Append(rule.duration == "always" ? "" : ", " + rule.duration);
  if (rule.precedence) head.Append(", precedence", Style::kAccent);
  if (!rule.enforce) head.Append(", not enforced", Style::kWarning);
  if (!rule.enabled) head.Append(", disabled", Style::kDim);
  StyledText condition;
  condition.Append("    when " + ConditionText(rule.op));
  return head.Render(colours) + "\n" + condition.Render(colours) + "\n";
}

void PrintRule(const Rule& rule, OutputForm form, const Console& console) {
  console.out << (form == OutputForm::kJson ? ToJsonLine(rule) + "\n"
                                            : RuleText(rule, console.terminal.colours));
}

}  // namespace procwall
