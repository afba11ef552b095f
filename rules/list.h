// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

#include "rules/address_set.h"
#include "rules/digest_set.h"
#include "rules/domain_set.h"
#include "rules/facts.h"
#include "rules/facts_needed.h"
#include "rules/pattern_set.h"

namespace procwall {

enum class ListKind : std::uint8_t {
  kDomains,
  kPatterns,           // on domains, letter case ignored
  kSensitivePatterns,  // likewise, and it matters
  kAddresses,
  kDigests,
};

// What the files of one directory say together: a list that conditions of type lists ask. Empty, it
// matches nothing. Immutable, shared by all rules that name its directory. Thread rule: const
// methods from any thread.
class List {
 public:
  using Entries = std::variant<DomainSet, PatternSet, AddressSet, DigestSet>;
  explicit List(Entries entries) : entries_(std::move(entries)) {}

  // Is what the subject is about in the list: its host, its destination, its program? What is not
  // known is in none.
  bool Matches(const Facts& facts) const;
  FactsNeeded Needs() const;
  std::size_t Size() const;

 private:
  Entries entries_;
};

}  // namespace procwall
