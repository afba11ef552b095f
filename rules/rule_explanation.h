// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "rules/decision.h"
#include "rules/references.h"
#include "rules/rule.h"
#include "rules/subject.h"

namespace procwall {

// What a rule that matches a subject has to do with its decision.
enum class MatchRole : std::uint8_t {
  kDecides,
  kNotReached,   // the deciding rule ends the search before it
  kOverruled,    // an allow; the deciding rule comes later, and ends the search
  kSuperseded,   // an allow; a later one decides, with the same result
  kNotEnforced,  // a shadow rule
  kDisabled,     // it would match if it were enabled
};
const char* MatchRoleText(MatchRole role);  // a sentence for people, without a dot

struct MatchingRule {
  std::shared_ptr<const Rule> rule;
  MatchRole role;

  friend bool operator==(const MatchingRule&, const MatchingRule&) = default;
};

// Every rule that matches, in the order they are tried. Rules that cannot be compiled, and those
// that hold once, match nothing.
// Of the rules, one a name. Asks them one after the other: for people, not for packets.
std::vector<MatchingRule> ExplainDecision(std::vector<std::shared_ptr<const Rule>> rules,
                                          const Subject& subject,
                                          const References& references = {});

}  // namespace procwall
