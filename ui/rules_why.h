// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/input.h"
#include "ui/rules_options.h"
#include "ui/terminal.h"

namespace procwall {

// `procwall rules why`: which rule decides about a packet that is described, or was recorded, and
// what the other rules that match have to do with it.
ExitCode RunRulesWhy(const RulesWhyOptions& options, DaemonClient& client, const Console& console,
                     const Input& input);

}  // namespace procwall
