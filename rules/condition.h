// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "net/ip_address.h"
#include "net/prefix.h"
#include "rules/facts.h"
#include "rules/operand.h"
#include "rules/pattern.h"

namespace procwall {

// An Operator made ready by CompileCondition: data parsed into numbers, addresses and patterns.
// Matches() allocates nothing beyond what Facts keeps. Thread rule: const methods from any thread.
class Condition {
 public:
  // What there is to test; each names the value it reads and what that must be.
  struct Always {};
  struct Never {};
  struct TextIs {
    ReadText read;
    std::string text;
  };
  struct TextIsIgnoringCase {  // `text` is ASCII
    ReadText read;
    std::string text;
  };
  struct TextMatchesWhole {  // any other text, in any case
    ReadText read;
    Pattern pattern;
  };
  struct NumberIs {
    ReadNumber read;
    std::int64_t number;
  };
  struct AddressIs {
    ReadAddress read;
    IpAddress address;
  };
  struct AddressIsIn {
    ReadAddress read;
    Prefix prefix;
  };
  struct TextMatches {
    ReadText read;
    Pattern pattern;
  };
  struct NumberMatches {
    ReadNumber read;
    Pattern pattern;
  };
  struct AddressMatches {
    ReadAddress read;
    Pattern pattern;
  };
  struct All {
    std::vector<Condition> conditions;
  };
  using Test =
      std::variant<Always, Never, TextIs, TextIsIgnoringCase, TextMatchesWhole, NumberIs, AddressIs,
                   AddressIsIn, TextMatches, NumberMatches, AddressMatches, All>;
  Condition(Test test, const FactsNeeded& needs) : test_(std::move(test)), needs_(needs) {}

  bool Matches(const Facts& facts) const;
  const FactsNeeded& Needs() const { return needs_; }

 private:
  Test test_;
  FactsNeeded needs_;
};

}  // namespace procwall
