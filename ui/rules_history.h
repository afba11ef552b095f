// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/input.h"
#include "ui/rules_options.h"
#include "ui/terminal.h"

namespace procwall {

// `procwall rules replay`: recorded decisions judged again by the rules of another directory.
// kFailed when any would be another one.
ExitCode RunRulesReplay(const RulesReplayOptions& options, DaemonClient& client,
                        const Console& console, const Input& input);

// `procwall rules learn`: rules that allow what was let through, shown or saved, and what each
// permits beyond that.
ExitCode RunRulesLearn(const RulesLearnOptions& options, DaemonClient& client,
                       const Console& console, const Input& input);

}  // namespace procwall
