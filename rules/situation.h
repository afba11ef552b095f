// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "attribution/attribution.h"
#include "attribution/process.h"
#include "net/connection.h"
#include "rules/decision.h"
#include "rules/rule_set.h"
#include "rules/subject.h"

namespace procwall {

// A packet that rules are asked about although it is not there: described by a person, or recorded
// some time ago. Owns what a Subject borrows.
struct Situation {
  Connection connection{};
  std::vector<Process> processes{};  // that may have sent it; none: unknown
  std::string host{};
  std::string sni{};
  std::optional<Process> creator{};  // who made the socket, if it is known
  Confidence confidence = Confidence::kCertain;
  WallTime now{};  // zero: not known

  // Judged as sent by that process; null: by an unknown one. Borrows both.
  Subject AsSentBy(const Process* process) const;
};

// "tcp", "udp6", ...: what ProtocolName() writes. nullopt: no such protocol.
std::optional<IpProtocol> ParseProtocolName(std::string_view name);

// What the rules say, as the daemon would: for each process, and then the strictest.
Decision Decide(const RuleSet& rules, const Situation& situation);

// The operands that a situation cannot tell and `needs` asks for, for people: "process.hash.md5".
// Rules that ask for them may decide otherwise when the packet is real.
std::vector<std::string> UntoldOperands(const FactsNeeded& needs, const Situation& situation);

}  // namespace procwall
