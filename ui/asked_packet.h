// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.h"
#include "rules/decision.h"
#include "rules/rule_set.h"
#include "rules/situation.h"
#include "ui/rules_options.h"

namespace procwall {

// The packet that `rules why` asks about: a situation, and the names of its interfaces, which no
// record tells.
struct AskedPacket {
  Situation situation{};
  std::string in_interface{};  // "eth0"; empty: none, or not told
  std::string out_interface{};

  // Judged as sent by that process; null: by an unknown one. Borrows both.
  Subject AsSentBy(const Process* process) const;
};

// What the options describe; else what is wrong with them, for people.
tl::expected<AskedPacket, std::string> DescribedPacket(const RulesWhyOptions& options,
                                                       WallTime now);

// As the functions of a Situation.
Decision Decide(const RuleSet& rules, const AskedPacket& packet);
std::vector<std::string> UntoldOperands(const FactsNeeded& needs, const AskedPacket& packet);

}  // namespace procwall
