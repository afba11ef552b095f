// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include <tl/expected.hpp>

#include "procwall/v1/procwall.pb.h"
#include "rules/rule.h"

namespace procwall {

// The rule as our API tells it. Texts that strangers control are made printable.
v1::Rule ToMessage(const Rule& rule);

// The way back, without the times, which a client does not decide. Not compiled; what cannot be a
// rule at all is refused, for people: an unknown action, lists that are nested too deep.
tl::expected<Rule, std::string> RuleOf(const v1::Rule& message);

}  // namespace procwall
