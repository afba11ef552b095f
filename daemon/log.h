// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include <tl/expected.hpp>

#include "daemon/settings.h"

namespace procwall {

// Sets up the process's log: one event a line, `key=value`, to stderr or a file. Only daemon/ logs;
// everything below returns errors. The error names the file and the reason.
tl::expected<void, std::string> StartLog(LogLevel level, const std::string& file);

// From now on. Any thread.
void SetLogLevel(LogLevel level);

// Says "ready" to systemd, where it started us (sd_notify(3)).
void NotifyReady();
void NotifyStopping();

}  // namespace procwall
