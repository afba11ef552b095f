// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/flows_options.h"
#include "ui/input.h"
#include "ui/terminal.h"

namespace procwall {

// `procwall flows`: the flows there are, or what becomes of them as it happens. kFailed where the
// kernel does not tell the daemon of flows.
ExitCode RunFlows(const FlowsOptions& options, DaemonClient& daemon, const Console& console);

// `procwall flows cut`: shows what it will cut, asks, and reports each. kFailed: nothing fits, it
// was not agreed to, or not all could be cut; kUsage: nobody is there to be asked.
ExitCode RunFlowsCut(const FlowsCutOptions& options, DaemonClient& daemon, const Console& console,
                     const Input& input);

}  // namespace procwall
