// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "rules/rule.h"
#include "ui/output_form.h"
#include "ui/terminal.h"

namespace procwall {

// A rule in two lines, each ended by a newline: `allow "x", until restart, precedence` and, below
// it, its condition as a sentence.
std::string RuleText(const Rule& rule, Colours colours);

// The same on the standard output; for programs, as a line of JSON.
void PrintRule(const Rule& rule, OutputForm form, const Console& console);

}  // namespace procwall
