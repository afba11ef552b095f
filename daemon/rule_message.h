// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include <tl/expected.hpp>

#include "procwall/v1/procwall.pb.h"
#include "rules/rule.h"

namespace procwall {

// The rule that a client sends: the way back from ToMessage(). Not compiled; what cannot be a rule
// at all is refused, for people: an unknown action, lists that are nested too deep.
tl::expected<Rule, std::string> RuleOf(const v1::Rule& message);

}  // namespace procwall
