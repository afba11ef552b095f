// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/output_form.h"
#include "ui/terminal.h"

namespace procwall {

// `procwall doctor`: what this kernel and the daemon's privileges allow, what is uncertain because
// of it, what was lost, who goes below the firewall, and who else is a firewall. Without a daemon:
// the kernel alone. kSuccess: all is well; kFailed: something is uncertain or wrong.
ExitCode RunDoctor(OutputForm form, DaemonClient& client, const Console& console);

}  // namespace procwall
