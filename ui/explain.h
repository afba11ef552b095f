// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <string>

#include "procwall/v1/procwall.pb.h"
#include "ui/daemon_client.h"
#include "ui/exit_code.h"
#include "ui/explain_options.h"
#include "ui/terminal.h"
#include "ui/user_names.h"

namespace procwall {

// `procwall explain`: who a decision or a connection belongs to, how that is known, what else came
// into question, and what the rules say now.
ExitCode RunExplain(const ExplainOptions& options, DaemonClient& client, const Console& console);

// Pure halves of it.
std::string ExplainText(const v1::ExplainResponse& response, const Terminal& terminal,
                        std::chrono::seconds utc_offset, UserNames& users);
std::string ExplainJson(const v1::ExplainResponse& response, UserNames& users);  // no newline

}  // namespace procwall
