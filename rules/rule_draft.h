// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "rules/accounts.h"
#include "rules/rule.h"

namespace procwall {

// A rule as a person says it in a few words. Empty texts: not said.
struct RuleDraft {
  std::string name{};
  RuleAction action = RuleAction::kDeny;
  std::string program{};   // a path; one with * ? [ is a pattern, one that ends in / a folder
  std::string to{};        // IP, NET/LENGTH, HOST, *.HOST (below it) or .HOST (it and below)
  std::string port{};      // 443, or 8000-8080
  std::string protocol{};  // tcp and udp mean both families, tcp6 only the one
  std::string user{};      // name or number
  std::string duration = "always";  // "15m", "until-restart"
  std::string description{};
  bool precedence = false;
};

// The rule in OpenSnitch's words wherever it has some. The error says what cannot be understood,
// for people; a draft without any condition is one.
tl::expected<Rule, std::string> RuleOfDraft(const RuleDraft& draft, const Accounts& accounts);

}  // namespace procwall
