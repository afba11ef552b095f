// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <string>

#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/input.h"
#include "ui/rules_options.h"
#include "ui/terminal.h"

namespace procwall {

// Lets a person edit that file; false if that failed.
using Editor = std::function<bool(const std::string& path)>;

// What VISUAL, EDITOR, or else vi, is.
Editor EditorOf(const EnvironmentLookup& environment);

// `procwall rules edit`: a draft is edited, checked, and only then put in place of the rule's file.
// A draft that is refused can be edited again; when it is given up, it stays, and the old rule too.
ExitCode RunRulesEdit(const RulesEditOptions& options, DaemonClient& client, const Console& console,
                      const Input& input, const Editor& editor);

}  // namespace procwall
