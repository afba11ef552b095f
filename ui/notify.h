// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>

#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/notification_bus.h"
#include "ui/terminal.h"

namespace procwall {

struct NotifyOptions {
  std::chrono::milliseconds interval{2000};  // between two looks at the questions
};

// `procwall notify`: notices on the desktop, until Ctrl-C or the end of the daemon (kFailed).
ExitCode RunNotify(DaemonClient& client, const Console& console);
// The same to a sink.
ExitCode RunNotifyTo(NoticeSink& sink, const NotifyOptions& options, DaemonClient& client,
                     const Console& console);

}  // namespace procwall
