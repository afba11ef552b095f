// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "rules/rule.h"
#include "rules/situation.h"

namespace procwall {

// A decision as `procwall watch --json` wrote it down, as far as rules can be asked about it again.
struct RecordedEvent {
  std::uint64_t sequence = 0;
  std::string time{};                     // RFC 3339, as recorded
  RuleAction action = RuleAction::kDeny;  // what was done
  RuleAction judged = RuleAction::kDeny;  // what the rules said
  std::string rule{};                     // that decided; empty: none matched
  bool was_judged = false;                // by rules or the default action
  Situation situation{};
};

// Reads one such line. The error says what is wrong with it, for people. Addresses that are missing
// (an unparsable packet) are no error: was_judged is false.
tl::expected<RecordedEvent, std::string> ParseRecordedEvent(std::string_view line);

// What Printable() made safe to show, as it was: \xHH is that byte, \\ a backslash.
std::string Unprintable(std::string_view printable);

}  // namespace procwall
