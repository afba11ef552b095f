// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rules/recorded_event.h"
#include "rules/rule.h"

namespace procwall {

// A rule that allows what was seen, and what it allows beyond that.
struct LearnedRule {
  Rule rule;
  std::size_t events = 0;                    // that it was made of
  std::vector<std::string> newly_permits{};  // a phrase for each generalisation

  friend bool operator==(const LearnedRule&, const LearnedRule&) = default;
};

struct Learned {
  std::vector<LearnedRule> rules;  // by name
  std::size_t unknown = 0;         // allowed events that name no single program: no rule for them
};

// More destinations (or ports) of one program than this become all destinations (or ports).
inline constexpr std::size_t kMostDestinations = 8;

// Few, readable rules that allow every event that was let through and names one program: a rule
// for what a program does with the same destinations. Several names of one domain become the
// domain, three addresses of one network (/24, /64) the network.
Learned LearnRules(const std::vector<RecordedEvent>& events,
                   std::size_t most_destinations = kMostDestinations);

}  // namespace procwall
