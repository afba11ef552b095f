// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/recorded_event.h"
#include "ui/daemon_client.h"
#include "ui/input.h"
#include "ui/terminal.h"

namespace procwall {

// Decisions to look at again: the lines of a file ("-": of the standard input), or what the daemon
// remembers. nullopt: they cannot be read, and the reason has been written to `err`. Empty lines
// are passed over; a line that is none is told with its number.
std::optional<std::vector<RecordedEvent>> ReadEvents(const std::string& source,
                                                     DaemonClient& client, const Input& input,
                                                     std::ostream& err);

}  // namespace procwall
