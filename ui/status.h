// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <string>

#include "procwall/v1/procwall.pb.h"
#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/output_form.h"
#include "ui/terminal.h"

namespace procwall {

// `procwall status`: what the daemon is, runs with, has counted, and what is wrong with it.
ExitCode RunStatus(OutputForm form, DaemonClient& client, const Console& console,
                   std::chrono::sys_seconds now);

// Pure halves of it.
std::string StatusText(const v1::StatusResponse& status, const Terminal& terminal,
                       std::chrono::sys_seconds now);
std::string StatusJson(const v1::StatusResponse& status);  // without a newline

}  // namespace procwall
