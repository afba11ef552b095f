// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <optional>

#include "base/clock.h"
#include "rules/condition.h"
#include "rules/rule.h"

namespace procwall {

// A rule made ready to be asked. Shared by the rule sets it is in: a reload compiles only what has
// changed.
struct CompiledRule {
  std::shared_ptr<const Rule> rule;    // never null
  std::optional<Condition> condition;  // absent: the rule is disabled
  std::optional<BootTime> expires;     // from then on it does not exist
};
using CompiledRulePtr = std::shared_ptr<const CompiledRule>;

}  // namespace procwall
