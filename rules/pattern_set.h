// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <vector>

#include "rules/condition.h"
#include "rules/condition_index.h"
#include "rules/pattern.h"

namespace procwall {

// Many regular expressions on the host's name, found by the texts they require: what asking them
// costs does not depend on their number, as far as they require any. Immutable. Thread rule: const
// methods from any thread.
class PatternSet {
 public:
  PatternSet() = default;
  explicit PatternSet(std::vector<Pattern> patterns);

  // Does any match the name? A name that is not known never does.
  bool HasHost(const Facts& facts) const;
  std::size_t Size() const { return conditions_.size(); }

 private:
  std::vector<Condition> conditions_;
  ConditionIndex index_;
};

}  // namespace procwall
