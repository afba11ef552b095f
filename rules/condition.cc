// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/condition.h"

#include <algorithm>
#include <optional>

#include "rules/list.h"

namespace procwall {
namespace {

// One overload each for every kind of test: does it match ...
bool Matches(const Condition::Always&, const Facts&) { return true; }
bool Matches(const Condition::Never&, const Facts&) { return false; }
bool Matches(const Condition::OnText& test, const Facts& facts) {
  if (test.fact == TextFact::kAncestorPath) {
    const auto& paths = facts.AncestorPaths();
    return std::any_of(paths.begin(), paths.end(),
                       [&](const Text& path) { return test.must_be.Holds(path); });
  }
  const Text* const text = facts.Find(test.fact);
  return text != nullptr && test.must_be.Holds(*text);
}
bool Matches(const Condition::OnVariable& test, const Facts& facts) {
  const Text* const text = facts.Variable(test.name);
  return text != nullptr && test.must_be.Holds(*text);
}
bool Matches(const Condition::OnNumber& test, const Facts& facts) {
  return test.must_be.Holds(facts.Number(test.fact));
}
bool Matches(const Condition::OnAddress& test, const Facts& facts) {
  return test.must_be.Holds(facts.Address(test.fact));
}
bool Matches(const Condition::OnTime& test, const Facts& facts) {
  const std::optional<WeekTime> now = facts.LocalTime();
  return now && test.must_be.Contain(*now);
}
bool Matches(const Condition::OnList& test, const Facts& facts) {
  return test.must_be_in->Matches(facts);
}
bool Matches(const Condition::All& test, const Facts& facts) {
  return std::all_of(test.conditions.begin(), test.conditions.end(),
                     [&](const Condition& condition) { return condition.Matches(facts); });
}

// ... what it has to be told ...
FactsNeeded NeedsOf(const Condition::Always&) { return {}; }
FactsNeeded NeedsOf(const Condition::Never&) { return {}; }
FactsNeeded NeedsOf(const Condition::OnText& test) { return NeedsOfFact(test.fact); }
FactsNeeded NeedsOf(const Condition::OnVariable& test) {
  FactsNeeded needs = NeedsOfFact(TextFact::kEnvironment);
  needs.environment.insert(test.name);
  return needs;
}
FactsNeeded NeedsOf(const Condition::OnNumber& test) { return NeedsOfFact(test.fact); }
FactsNeeded NeedsOf(const Condition::OnAddress&) { return {}; }
FactsNeeded NeedsOf(const Condition::OnTime&) { return {.now = true}; }
FactsNeeded NeedsOf(const Condition::OnList& test) { return test.must_be_in->Needs(); }
FactsNeeded NeedsOf(const Condition::All& test) {
  FactsNeeded needs;
  for (const Condition& condition : test.conditions) needs |= condition.Needs();
  return needs;
}

// ... and how it can be found.
using Ways = std::vector<KeyAlternatives>;
template <typename Fact>
std::uint8_t NumberOf(Fact fact) {
  return static_cast<std::uint8_t>(fact);
}
void AddKeys(const Condition::Always&, Ways&) {}
void AddKeys(const Condition::Never&, Ways& ways) { ways.emplace_back(); }  // never to be found
void AddKeys(const Condition::OnText& test, Ways& ways) {
  test.must_be.AddKeys(NumberOf(test.fact), ways);
}
void AddKeys(const Condition::OnVariable&, Ways&) {}
void AddKeys(const Condition::OnNumber& test, Ways& ways) {
  test.must_be.AddKeys(NumberOf(test.fact), ways);
}
void AddKeys(const Condition::OnAddress& test, Ways& ways) {
  test.must_be.AddKeys(NumberOf(test.fact), ways);
}
void AddKeys(const Condition::OnTime&, Ways&) {}
void AddKeys(const Condition::OnList& test, Ways& ways) {
  if (test.must_be_in->Size() == 0) ways.emplace_back();  // never to be found
}
void AddKeys(const Condition::All& test, Ways& ways) {
  for (const Condition& condition : test.conditions) condition.AddKeys(ways);
}

}  // namespace

bool Condition::Matches(const Facts& facts) const {
  return std::visit([&](const auto& test) { return procwall::Matches(test, facts); }, test_);
}

FactsNeeded Condition::Needs() const {
  return std::visit([](const auto& test) { return procwall::NeedsOf(test); }, test_);
}

bool Condition::AsksLists() const {
  const auto* const all = std::get_if<All>(&test_);
  if (all == nullptr) return std::holds_alternative<OnList>(test_);
  return std::any_of(all->conditions.begin(), all->conditions.end(),
                     [](const Condition& condition) { return condition.AsksLists(); });
}

void Condition::AddKeys(std::vector<KeyAlternatives>& ways) const {
  std::visit([&](const auto& test) { procwall::AddKeys(test, ways); }, test_);
}

}  // namespace procwall
