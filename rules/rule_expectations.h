// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "rules/rule.h"
#include "rules/rule_error.h"
#include "rules/rule_set.h"
#include "rules/situation.h"

namespace procwall {

// What an admin expects of the rules: the decision for one situation (format: docs/RULES.md).
struct Expectation {
  std::string name{};  // for people; made up when it is not given
  Situation situation{};
  std::optional<RuleAction> action{};  // nullopt: that no rule matches ("default")
  std::string rule{};                  // that must decide; empty: any
};

struct ExpectationResult {
  std::string name;
  bool ok = false;
  std::string expected;  // "allow by \"a\"", "deny", "default"
  std::string got;       // "deny by \"b\"", "default: no rule matches"

  friend bool operator==(const ExpectationResult&, const ExpectationResult&) = default;
};

// The file of a rule directory whose expectations must hold before its rules are used. Not
// *.json, so that nobody takes it for a rule.
inline constexpr const char* kExpectationsFile = "rules.test";
inline constexpr std::size_t kMaxExpectationsBytes = std::size_t{4} << 20;

// Reads a JSON array of expectations; comments may be used. A key that is not known is an error:
// it may be the one that mattered. The error names the file, and the line where it is known.
tl::expected<std::vector<Expectation>, RuleError> ParseExpectations(std::string_view text,
                                                                    const std::string& file);

std::vector<ExpectationResult> TestRules(const RuleSet& rules,
                                         const std::vector<Expectation>& expectations);

// Reads that file of the directory, and tests the rules with it. What keeps them from being used,
// a sentence each; none: all expectations hold, or there is no such file. `reader` is whom it is
// read for: root does not use one that everybody can change (see WhyNotTrusted()).
std::vector<RuleError> FailedExpectations(const std::string& directory, const RuleSet& rules,
                                          uid_t reader = ::geteuid());

}  // namespace procwall
