// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/rules_options.h"
#include "ui/terminal.h"

namespace procwall {

// `procwall rules lint`: what is questionable about rules that are right. kFailed when something
// was found. Rules that were never used are found if a daemon that uses this directory answers.
ExitCode RunRulesLint(const RulesLintOptions& options, DaemonClient& client,
                      const Console& console);

// `procwall rules test`: do the rules decide as they are expected to? kFailed when they do not.
ExitCode RunRulesTest(const RulesTestOptions& options, DaemonClient& client,
                      const Console& console);

}  // namespace procwall
