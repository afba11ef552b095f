// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>

#include "rules/rule.h"

namespace procwall {

// What is declared about questions: nothing else is ever done with a packet that was asked about.
struct QuestionPolicy {
  std::chrono::nanoseconds timeout = std::chrono::seconds(30);
  RuleAction default_action = RuleAction::kDeny;  // nobody answered in time
  RuleAction unasked_action = RuleAction::kDeny;  // nobody is there to be asked
  bool ask_unknown = true;                        // ask about packets of unknown programs, too
};

}  // namespace procwall
