// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <vector>

#include "rules/rule_check.h"
#include "ui/exit_code.h"
#include "ui/output_form.h"
#include "ui/terminal.h"

namespace procwall {

// `procwall rules check`: a line for every rule file of these paths. kFailed if any was refused,
// kUsage if a path cannot be read. Asks no daemon.
ExitCode RunRulesCheck(OutputForm form, const std::vector<std::string>& paths,
                       const Console& console);

// Pure: "ok FILE NAME" or "refused FILE line:column reason", without a newline; 0:0 when the place
// is not known. Notes are not part of it.
std::string RuleCheckText(const RuleCheckLine& line, Colours colours);
std::string RuleCheckJson(const RuleCheckLine& line);

}  // namespace procwall
