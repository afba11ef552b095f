// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/list.h"

namespace procwall {
namespace {

bool Has(const DomainSet& domains, const Facts& facts) {
  const Text* const host = facts.Find(TextFact::kHost);
  return host != nullptr && domains.Has(host->Folded());
}
bool Has(const PatternSet& patterns, const Facts& facts) { return patterns.HasHost(facts); }
bool Has(const AddressSet& addresses, const Facts& facts) {
  return addresses.Has(facts.Address(AddressFact::kDestination));
}
bool Has(const DigestSet& digests, const Facts& facts) {
  const Text* const digest = facts.Find(TextFact::kMd5);
  return digest != nullptr && digests.Has(digest->View());
}

FactsNeeded NeedsOf(const DomainSet&) { return NeedsOfFact(TextFact::kHost); }
FactsNeeded NeedsOf(const PatternSet&) { return NeedsOfFact(TextFact::kHost); }
FactsNeeded NeedsOf(const AddressSet&) { return {}; }
FactsNeeded NeedsOf(const DigestSet&) { return NeedsOfFact(TextFact::kMd5); }

}  // namespace

bool List::Matches(const Facts& facts) const {
  return std::visit([&](const auto& entries) { return Has(entries, facts); }, entries_);
}

FactsNeeded List::Needs() const {
  return std::visit([](const auto& entries) { return NeedsOf(entries); }, entries_);
}

std::size_t List::Size() const {
  return std::visit([](const auto& entries) { return entries.Size(); }, entries_);
}

}  // namespace procwall
