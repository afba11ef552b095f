// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "rules/address_condition.h"
#include "rules/facts.h"
#include "rules/facts_needed.h"
#include "rules/index_key.h"
#include "rules/number_condition.h"
#include "rules/text_condition.h"
#include "rules/time_window.h"

namespace procwall {

class List;

// An Operator made ready by CompileCondition: which fact is looked at, and what it must be.
// Matches() allocates nothing beyond what Facts keeps. Thread rule: const methods from any thread.
class Condition {
 public:
  struct Always {};
  struct Never {};
  struct OnText {
    TextFact fact;  // of kAncestorPath, any one must be it
    TextCondition must_be;
  };
  struct OnVariable {  // of the environment
    std::string name;
    TextCondition must_be;
  };
  struct OnNumber {
    NumberFact fact;
    NumberCondition must_be;
  };
  struct OnAddress {
    AddressFact fact;
    AddressCondition must_be;
  };
  struct OnTime {
    TimeWindows must_be;
  };
  struct OnList {
    std::shared_ptr<const List> must_be_in;
  };
  struct All {
    std::vector<Condition> conditions;
  };
  using Test =
      std::variant<Always, Never, OnText, OnVariable, OnNumber, OnAddress, OnTime, OnList, All>;
  explicit Condition(Test test) : test_(std::move(test)) {}

  bool Matches(const Facts& facts) const;
  FactsNeeded Needs() const;
  bool AsksLists() const;  // it has to be compiled anew when they change
  // Adds the ways in which this can be found by keys that it has in common with the subjects it
  // matches; none: it has to be tried.
  void AddKeys(std::vector<KeyAlternatives>& ways) const;

 private:
  Test test_;
};

}  // namespace procwall
