// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/terminal.h"
#include "ui/watch_options.h"

namespace procwall {

// `procwall watch`: every decision as a line, as it happens, until Ctrl-C, `count`, or the end of
// the daemon (kFailed).
ExitCode RunWatch(const WatchOptions& options, DaemonClient& client, const Console& console);

}  // namespace procwall
