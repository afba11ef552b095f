// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "attribution/attribution.h"
#include "attribution/names.h"
#include "base/clock.h"
#include "net/connection.h"
#include "rules/rule.h"

namespace procwall {

using QuestionId = std::uint64_t;  // counts from 1 since the daemon's start

// May this program talk to that place? Nobody has a rule for it, and its packets wait. Immutable:
// when more packets join, a newer Question of the same id takes its place.
struct Question {
  QuestionId id = 0;
  Connection connection{};  // of the first packet that waits
  std::string host{};       // the name its destination was resolved from; empty: unknown
  NameSource name_from = NameSource::kNone;  // how that is known
  std::string sni{};                         // the server name in that packet; empty: none known
  std::shared_ptr<const Attribution> attribution{};  // of that packet; never null
  WallTime asked{};
  WallTime deadline{};                            // then `default_action` is done
  RuleAction default_action = RuleAction::kDeny;  // declared in the configuration
  std::size_t flows = 1;    // connections that wait for it, the first one included
  std::size_t packets = 1;  // of them
};
using QuestionPtr = std::shared_ptr<const Question>;

// What somebody says to a question.
struct QuestionAnswer {
  // The rule to go by. Its duration says for how long: "once" is for what waits now, "always" is
  // saved as a file, anything else is kept in memory. It need not cover all that waits: what it
  // does not cover is asked about again. Rules that are there already win as they always do. A name
  // that is taken gets "-2" and so on. nullopt: the declared default action, this once.
  std::optional<Rule> rule{};

  friend bool operator==(const QuestionAnswer&, const QuestionAnswer&) = default;
};

// The program, or programs, that a question is about: equal for equal programs. Its executable as
// rules name it, the script it was told to run, its container.
std::string ProgramKeyOf(const Attribution& attribution);
// What one answer would cover: the program, its user, the destination by its name (else address),
// port and protocol. Packets of one key wait for the same question.
std::string QuestionKeyOf(const Connection& connection, std::string_view host,
                          const Attribution& attribution);

// How a question came to its end.
enum class SettledHow : std::uint8_t {
  kAnswered,    // somebody answered: see `by`
  kTimedOut,    // nobody did in time: the default action
  kNobodyLeft,  // whoever could have answered has gone: what is declared for that
  kRules,       // the rules changed meanwhile and decide it
  kEnding,      // the daemon ends: dropped
};
const char* SettledHowName(SettledHow how);  // "answered", "timed-out", ...

struct Settlement {
  SettledHow how = SettledHow::kTimedOut;
  std::string by{};                    // the name of the asker who answered; else empty
  std::shared_ptr<const Rule> rule{};  // that was answered, as it is in force; null: no rule
  std::string note{};                  // for people: what did not go as wanted; else empty

  friend bool operator==(const Settlement&, const Settlement&) = default;
};

}  // namespace procwall
