// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>

#include "base/guarded.h"
#include "rules/rule_set.h"

namespace procwall {

// The rules in force, which are replaced as a whole: whoever has got a copy judges by that one.
using SharedRules = Guarded<std::shared_ptr<const RuleSet>>;

}  // namespace procwall
