// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "procwall/v1/procwall.pb.h"
#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/output_form.h"
#include "ui/terminal.h"

namespace procwall {

// `procwall rules list`: the rules in force, in the order they are tried, and the refused files.
ExitCode RunRulesList(OutputForm form, DaemonClient& client, const Console& console);

// Pure halves of it.
std::string RulesText(const v1::ListRulesResponse& response, const Terminal& terminal);
// One object a line; "kind" is "rule" or "refused".
std::string RulesJson(const v1::ListRulesResponse& response);

}  // namespace procwall
