// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "rules/rule.h"

namespace procwall {

// The rule as a file of OpenSnitch's: two blanks of indent, its keys in the order of OpenSnitch
// 1.5.8, no newline at the end. Keys that 1.5.8 does not know (description, nolog) and dates that
// are not known (it refuses an empty date) are left out. What ParseRuleFile makes of it is equal to
// `rule`, except for bytes that are not UTF-8: those become U+FFFD.
std::string ToJson(const Rule& rule);

// The same in one line, for listings of one rule a line.
std::string ToJsonLine(const Rule& rule);

}  // namespace procwall
