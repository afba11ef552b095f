// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "ui/ask_options.h"
#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/terminal.h"

namespace procwall {

// What a person types on, and sees.
struct AskDevices {
  int in_fd = 0;
  int out_fd = 1;
  bool is_terminal = false;  // both are
};

// `procwall ask`: questions as they come, and answers, until the person ends it, or (--json) the
// input ends; kFailed when the daemon ends it.
ExitCode RunAsk(const AskOptions& options, DaemonClient& client, const Console& console,
                const AskDevices& devices);

}  // namespace procwall
