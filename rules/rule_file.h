// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "rules/condition.h"
#include "rules/references.h"
#include "rules/rule.h"
#include "rules/rule_error.h"

namespace procwall {

inline constexpr std::size_t kMaxRuleFileBytes = std::size_t{1} << 20;

// Reads one rule file: JSON with Go's habits (keys in any case, unknown keys ignored, null
// anywhere), OpenSnitch's format of every version; docs/RULES.md says what we add. A list rule gets
// its conditions from `list`, or, if that is empty, from the JSON text in `data`. Does not compile
// it. Errors name line and column. At most kMaxRuleFileBytes.
tl::expected<Rule, RuleError> ParseRuleFile(std::string_view text, std::string_view file_name);

// A rule that can be used, and what its author should know although it can.
struct CheckedRule {
  Rule rule;
  std::optional<Condition> condition;  // absent: the rule is disabled
  std::vector<std::string> notes;
};

// ParseRuleFile, and that the rule compiles if it is enabled: errors in its conditions name line
// and column too.
tl::expected<CheckedRule, RuleError> CheckRuleFile(std::string_view text,
                                                   std::string_view file_name,
                                                   const References& references = {});

}  // namespace procwall
