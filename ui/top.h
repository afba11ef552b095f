// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "ui/ask.h"
#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/terminal.h"
#include "ui/top_options.h"

namespace procwall {

// `procwall top`: until the person ends it; with `once` one page of it, with --json lines until
// Ctrl-C. kFailed: no daemon was there at the beginning.
ExitCode RunTop(const TopOptions& options, DaemonClient& client, const Console& console,
                const AskDevices& devices);

}  // namespace procwall
