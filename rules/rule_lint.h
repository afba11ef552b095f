// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/references.h"
#include "rules/rule.h"

namespace procwall {

// What is questionable about a rule that is right as far as its file goes.
enum class LintKind : std::uint8_t {
  kShadowed,       // another rule decides whatever it would decide, in the same way
  kContradicting,  // another rule decides whatever it would decide, the other way
  kUnreachable,    // nothing can ever match it
  kNeverUsed,      // it has decided nothing since the daemon began to count
  kTooBroad,       // an allow for more than its author can have meant
  kSpoofable,      // an allow that depends on what a program can make up
  kMissingPath,    // it names a program that is not there
};
const char* LintKindName(LintKind kind);  // "shadowed", ...
const char* WhyItMatters(LintKind kind);  // a sentence

struct LintFinding {
  LintKind kind;
  std::string rule;  // its name
  std::string what;  // what was found

  friend bool operator==(const LintFinding&, const LintFinding&) = default;
};

// What lies outside the rules.
struct LintWorld {
  std::function<bool(const std::string& path)> exists;
  // How often each rule has decided, by name; nullopt: nobody counted.
  std::optional<std::map<std::string, std::uint64_t>> hits{};
  References references{};
};

// The findings of enabled rules, in the order the rules are tried. REQUIRES: one rule a name.
// Compares each rule with each: thousands take a moment.
std::vector<LintFinding> LintRules(std::vector<Rule> rules, const LintWorld& world);

}  // namespace procwall
