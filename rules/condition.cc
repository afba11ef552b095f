// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/condition.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace procwall {
namespace {

// From the end: paths and host names of one length differ there first.
bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.rbegin(), a.rend(), b.rbegin(), [](char x, char y) {
           return x == y || ToLowerAscii(x) == ToLowerAscii(y);
         });
}

bool Matches(const Condition::Always&, const Facts&) { return true; }
bool Matches(const Condition::Never&, const Facts&) { return false; }
bool Matches(const Condition::TextIs& test, const Facts& facts) {
  return test.read(facts).View() == test.text;
}
bool Matches(const Condition::TextIsIgnoringCase& test, const Facts& facts) {
  return EqualsIgnoringCase(test.read(facts).View(), test.text);
}
bool Matches(const Condition::TextMatchesWhole& test, const Facts& facts) {
  return test.pattern.MatchesWhole(test.read(facts).View());
}
bool Matches(const Condition::NumberIs& test, const Facts& facts) {
  return test.read(facts) == test.number;
}
bool Matches(const Condition::AddressIs& test, const Facts& facts) {
  return test.read(facts) == test.address;
}
bool Matches(const Condition::AddressIsIn& test, const Facts& facts) {
  return test.prefix.Contains(test.read(facts));
}
bool Matches(const Condition::TextMatches& test, const Facts& facts) {
  return test.pattern.Matches(test.read(facts));
}
bool Matches(const Condition::NumberMatches& test, const Facts& facts) {
  const fmt::format_int text(test.read(facts));
  return test.pattern.Matches(Text({text.data(), text.size()}));
}
bool Matches(const Condition::AddressMatches& test, const Facts& facts) {
  return test.pattern.Matches(facts.AddressText(test.read(facts)));
}
bool Matches(const Condition::All& test, const Facts& facts) {
  return std::all_of(test.conditions.begin(), test.conditions.end(),
                     [&](const Condition& condition) { return condition.Matches(facts); });
}

}  // namespace

bool Condition::Matches(const Facts& facts) const {
  return std::visit([&](const auto& test) { return procwall::Matches(test, facts); }, test_);
}

}  // namespace procwall
