// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "rules/rule.h"
#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/rules_options.h"
#include "ui/terminal.h"

namespace procwall {

// Does it hold until restart, or for a while? In a file it would outlive a restart and begin anew.
bool IsTemporary(const Rule& rule);

// Shows such a rule and gives it to the daemon, which holds it in memory. kFailed when no daemon
// answers, the wanted directory is none of its, or it does not take the rule.
ExitCode AddTemporaryRule(const RulesAddOptions& options, Rule rule, DaemonClient& client,
                          const Console& console);

}  // namespace procwall
