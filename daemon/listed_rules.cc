// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/listed_rules.h"

#include <utility>

#include "record/rule_message.h"
#include "rules/recorded_event.h"

namespace procwall {
GuiRulesPtr ListedRules::Get() {
  Listing listing = listing_();
  if (listing == seen_) return rules_;
  auto rules = std::make_shared<GuiRules>();
  for (const v1::Rule& message : listing->rules()) {
    auto rule = RuleOf(message);
    if (!rule) continue;  // cannot be: it was a rule
    rule->enforce = !message.is_shadow();
    rule->created = Unprintable(message.created());
    rule->updated = Unprintable(message.updated());
    rules->push_back(std::make_shared<const Rule>(*std::move(rule)));
  }
  rules_ = std::move(rules);
  seen_ = std::move(listing);
  return rules_;
}

}  // namespace procwall
