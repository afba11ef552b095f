// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "rules/rule.h"
#include "ui/output_form.h"
#include "ui/terminal.h"

namespace procwall {

// What became of one rule, or of one source of rules.
struct RuleChange {
  std::string what{};  // "saved", "enabled", "removed", "imported", "kept", "refused", ...
  std::string name{};  // of the rule; empty: it could not be read
  std::string file{};  // where it is or was
  std::string why{};   // what a person should know; mostly empty
};

// {"what":"enabled","name":"web","file":"/etc/procwall/rules/web.json","why":""}
std::string RuleChangeJson(const RuleChange& change);

// Tells of a change: as a line of JSON, or as `text` on the standard error.
void TellChange(const RuleChange& change, const std::string& text, OutputForm form,
                const Console& console);

// Before that rule takes the place of what is in the file: says so, if comments are lost with it.
void WarnOfLostComments(const Rule& rule, const std::string& file, const Console& console);

}  // namespace procwall
