// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <vector>

#include "attribution/socket_table.h"
#include "ui/connections_options.h"
#include "ui/exit_code.h"
#include "ui/socket_rows.h"
#include "ui/terminal.h"
#include "ui/user_names.h"

namespace procwall {

// `procwall connections`: the sockets of this host (of the network namespace we run in) and the
// programs that hold them. Asks the kernel, no daemon.
ExitCode RunConnections(const ConnectionsOptions& options, const Console& console);

// Pure halves of it.
bool IsWanted(const ConnectionsOptions& options, const SocketEntry& socket);
SocketRow RowOf(const SocketWithOwners& entry, UserNames& users);

}  // namespace procwall
