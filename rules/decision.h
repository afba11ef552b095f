// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <memory>

#include "rules/rule.h"

namespace procwall {

// What the rules say about one subject. No rule: nobody has decided yet, the default action (or a
// person) will.
struct Decision {
  std::shared_ptr<const Rule> rule;  // null: no rule matched

  bool IsDecided() const { return rule != nullptr; }
};

}  // namespace procwall
