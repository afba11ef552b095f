// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/input.h"
#include "ui/rules_options.h"
#include "ui/terminal.h"

namespace procwall {

// `procwall rules add`: shows the rule and saves it; one that ends is given to the daemon, which
// holds it in memory. kUsage when it cannot be understood, kFailed when there is one of that name,
// it cannot be saved, or no daemon is there to hold it.
ExitCode RunRulesAdd(const RulesAddOptions& options, DaemonClient& client, const Console& console,
                     const Input& input);

// `procwall rules enable` and `disable`: all of these rules, or none if one is not there or would
// not compile. Rules that have no file are switched by the daemon that holds them.
ExitCode RunRulesSwitch(const RulesSwitchOptions& options, DaemonClient& client,
                        const Console& console);

// `procwall rules remove`: shows what it removes and asks first. Likewise.
ExitCode RunRulesRemove(const RulesRemoveOptions& options, DaemonClient& client,
                        const Console& console, const Input& input);

// The time now as OpenSnitch writes it into rules.
std::string RuleTimeNow();

}  // namespace procwall
