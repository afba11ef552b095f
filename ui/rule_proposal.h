// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "procwall/v1/procwall.pb.h"
#include "rules/rule.h"

namespace procwall {

// How far an answer reaches: a condition that holds for what is asked about, and what it means to
// people.
struct RuleProposal {
  std::string label;  // "this program to example.org port 443"
  Operator op;

  friend bool operator==(const RuleProposal&, const RuleProposal&) = default;
};

// Sensible reaches for an answer about this packet, the narrowest first; at least one. A program
// that is not known, or is one of several, is not part of them. Of what comes in they say from
// whom, of all else whereto; a domain that strangers share ("co.uk") is never proposed. Labels are
// printable.
std::vector<RuleProposal> RuleProposals(const v1::Event& event);

// The rule of an answer, under a name that says what it does: "allow-always-curl-example.org-443".
Rule RuleOfAnswer(const v1::Event& event, const RuleProposal& proposal, RuleAction action,
                  std::string_view duration);

}  // namespace procwall
