// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/input.h"
#include "ui/rules_options.h"
#include "ui/terminal.h"

namespace procwall {

// `procwall rules import`: rules of other files, directories or lines of JSON ("-"), checked and
// saved one by one. kFailed if any was refused, or is there already and may not be replaced.
ExitCode RunRulesImport(const RulesImportOptions& options, DaemonClient& client,
                        const Console& console, const Input& input);

// `procwall rules export`: rules as lines of JSON, or as files of a directory.
ExitCode RunRulesExport(const RulesExportOptions& options, DaemonClient& client,
                        const Console& console);

}  // namespace procwall
