// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/input.h"
#include "ui/rules_options.h"
#include "ui/terminal.h"

namespace procwall {

// `procwall rules add`: shows the rule and saves it. kUsage when it cannot be understood, kFailed
// when there is one of that name or it cannot be saved.
ExitCode RunRulesAdd(const RulesAddOptions& options, DaemonClient& client, const Console& console,
                     const Input& input);

// `procwall rules enable` and `disable`: all of these rules, or none if one is not there or would
// not compile.
ExitCode RunRulesSwitch(const RulesSwitchOptions& options, DaemonClient& client,
                        const Console& console);

// `procwall rules remove`: shows what it removes and asks first.
ExitCode RunRulesRemove(const RulesRemoveOptions& options, DaemonClient& client,
                        const Console& console, const Input& input);

// The time now as OpenSnitch writes it into rules.
std::string RuleTimeNow();

}  // namespace procwall
