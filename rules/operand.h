// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <tl/expected.hpp>

#include "rules/facts.h"

namespace procwall {

// What a rule set needs to know about a process before it can judge: asking for less is faster.
struct FactsNeeded {
  bool process = false;  // any process.* operand, or user.id
  bool args = false;     // process.command
  bool host = false;     // dest.host

  constexpr FactsNeeded operator|(const FactsNeeded& other) const {
    return {process || other.process, args || other.args, host || other.host};
  }
  friend bool operator==(const FactsNeeded&, const FactsNeeded&) = default;
};

// How a condition gets its value. The kind of value says which types of condition make sense.
struct AlwaysTrue {
  friend bool operator==(const AlwaysTrue&, const AlwaysTrue&) = default;
};
using ReadText = const Text& (*)(const Facts&);
using ReadNumber = std::int64_t (*)(const Facts&);
using ReadAddress = const IpAddress& (*)(const Facts&);
struct ReadNetwork {  // an address that is only compared with networks
  ReadAddress address;
};

// One thing that can be asked of a subject: a row of the table in operand.cc, which is the only
// place that knows their names.
struct Operand {
  std::string_view name;
  std::variant<AlwaysTrue, ReadText, ReadNumber, ReadAddress, ReadNetwork> read;
  FactsNeeded needs;
};

// The row of that name, or why there is none: known to newer versions of OpenSnitch but not
// supported here yet, or not known at all. Either way the rule is refused: a deny rule that
// silently never matches is a leak.
tl::expected<const Operand*, std::string> FindOperand(std::string_view name);

}  // namespace procwall
