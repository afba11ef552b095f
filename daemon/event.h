// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "attribution/attribution.h"
#include "attribution/names.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/connection.h"
#include "rules/rule.h"

namespace procwall {

// What decided.
enum class EventReason : std::uint8_t {
  kRule,
  kDefaultAction,  // no rule matched, and nobody was there to be asked
  kAnswer,         // a person, for this once: by the rule that was answered, or the default action
  kNoAnswer,       // a person was asked and did not answer in time: the default action
  kTooManyQuestions,  // no room to wait for a person: dropped
  kNoTime,            // what rules ask was not known in time: it would have been let through
};

// What happened to one packet, who sent it, why, how sure we are and how long it took. Immutable
// once appended to the EventLog.
struct Event {
  std::uint64_t sequence = 0;  // set by the EventLog
  WallTime time{};
  RuleAction action = RuleAction::kDeny;         // what was done
  RuleAction judged_action = RuleAction::kDeny;  // what was decided; differs in observe mode
  EventReason reason = EventReason::kDefaultAction;
  std::shared_ptr<const Rule> rule;                    // null: none matched
  std::vector<std::shared_ptr<const Rule>> shadows{};  // rules on trial that would have decided
  std::optional<Connection> connection{};              // absent: the headers could not be read
  std::string host{};                                  // empty: unknown
  NameSource name_from = NameSource::kNone;            // how `host` is known
  std::string sni{};  // the server name in the first packet; empty: none, or not looked for
  Attribution attribution{};
  std::chrono::nanoseconds latency{0};
  std::chrono::nanoseconds parked{0};  // of it, waiting for the finder
  std::chrono::nanoseconds asked{0};   // of it, waiting for a person
  std::optional<Error> refusal{};      // of an unparsable packet
  bool cut = false;                    // no packet: a connection that lived was cut
};
using EventPtr = std::shared_ptr<const Event>;

}  // namespace procwall
