// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "procwall/v1/procwall.pb.h"
#include "ui/terminal.h"
#include "ui/user_names.h"

namespace procwall {

// What a process did in one line for people, its end included: when, what, who, its program, and
// what belongs to that: the command line and who started it, or how it ended and how long it lived.
// Cut at the terminal's edge.
std::string ProcessLine(const v1::ProcessNote& note, std::chrono::seconds utc_offset,
                        UserNames& users, const Terminal& terminal);

// "exec", "exit", "fork", "user", "lost".
const char* DeedWord(v1::ProcessDeed deed);
std::optional<v1::ProcessDeed> DeedNamed(std::string_view word);
// "exit code 1", "killed by SIGKILL"; empty: not told.
std::string EndText(const v1::ProcessNote& note);

}  // namespace procwall
