// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/processes_options.h"
#include "ui/terminal.h"

namespace procwall {

// `procwall processes`: what processes do, as it happens, until it is enough, somebody interrupts,
// or the daemon ends it. kFailed where nobody tells the daemon of processes.
ExitCode RunProcesses(const ProcessesOptions& options, DaemonClient& client,
                      const Console& console);

}  // namespace procwall
