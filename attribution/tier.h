// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace procwall {

// Something that attribution can stand on, if this kernel and our privileges provide it.
struct Tier {
  enum class State : std::uint8_t {
    kRuns,
    kMissing,
    kUnknown,  // it cannot be told from here
  };
  std::string name;     // "inet_diag udp", "witness tcp-connect"
  std::string purpose;  // what it is for, for people
  State state = State::kUnknown;
  std::string why_not;  // empty when it runs

  friend bool operator==(const Tier&, const Tier&) = default;
};
const char* TierStateName(Tier::State state);  // "runs", "missing", "unknown"

// What is lost where a tier is missing.
struct TierNeed {
  enum class Loss : std::uint8_t {
    kWeaker,     // programs are named, but something else is not done as it should be
    kUncertain,  // some programs are not named, or not for certain
    kUnguarded,  // packets are not decided about at all
  };
  std::string_view tier;
  std::string_view covered_by;  // a tier that makes up for it; empty: none does
  Loss loss = Loss::kUncertain;
  std::string_view cases;   // which connections
  std::string_view advice;  // what would help
};

// All tiers there are. The only place that says what each of them is good for.
std::span<const TierNeed> TierNeeds();
// Null: nothing is known of such a tier.
const TierNeed* FindTierNeed(std::string_view tier);

}  // namespace procwall
