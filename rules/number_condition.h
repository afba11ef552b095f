// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <vector>

#include "rules/index_key.h"

namespace procwall {

// What a number must be. Thread rule: const methods from any thread.
class NumberCondition {
 public:
  static NumberCondition Between(std::int64_t first, std::int64_t last);  // both included
  static NumberCondition OneOf(std::vector<std::int64_t> numbers);

  bool Holds(std::int64_t number) const;

  // Adds what this can be found by among the keys of `fact`, if anything.
  void AddKeys(std::uint8_t fact, std::vector<KeyAlternatives>& ways) const;

 private:
  NumberCondition(std::int64_t first, std::int64_t last) : first_(first), last_(last) {}

  std::int64_t first_;  // nothing is in between if it is behind the last
  std::int64_t last_;
  std::vector<std::int64_t> numbers_;  // sorted; unless empty, it must be one of these
};

// The key of a number without its last `length` bits.
IndexKey NumberKey(const KeySource& source, std::int64_t number);

}  // namespace procwall
