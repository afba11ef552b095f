// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>

#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/log_options.h"
#include "ui/terminal.h"

namespace procwall {

// `procwall log`: what the journal has kept that fits, asked of the daemon or, with a file, read
// from that. kUsage: a time, a destination or a user that makes no sense.
ExitCode RunLog(const LogOptions& options, DaemonClient& client, const Console& console,
                std::chrono::sys_seconds now);

}  // namespace procwall
