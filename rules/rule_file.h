// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "rules/rule.h"
#include "rules/rule_set.h"

namespace procwall {

// Reads one rule file: JSON with Go's habits (keys in any case, unknown keys ignored, null
// anywhere), OpenSnitch's format of every version. Does not compile it. Errors name line and
// column. At most kMaxRuleFileBytes.
inline constexpr std::size_t kMaxRuleFileBytes = std::size_t{1} << 20;
tl::expected<Rule, RuleError> ParseRuleFile(std::string_view text, std::string_view file_name);

}  // namespace procwall
