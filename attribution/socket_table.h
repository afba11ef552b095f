// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <vector>

#include "attribution/owner_search.h"
#include "attribution/process.h"
#include "attribution/procfs.h"
#include "attribution/socket_diag.h"
#include "attribution/socket_entry.h"
#include "base/result.h"

namespace procwall {

// A socket and the processes that hold it.
struct SocketWithOwners {
  SocketEntry socket;
  std::vector<ProcessPtr> owners;  // by pid; at most OwnerSearch::kMaxHolders
  bool all_owners_known = false;   // false: there may be more (processes we may not look at, ...)
};

// Who holds these sockets, by one walk over /proc; sorted by protocol, local and remote end. A
// socket without a file has no owner and cannot get one: all of its owners are known.
std::vector<SocketWithOwners> FindOwners(std::vector<SocketEntry> sockets, const Procfs& procfs,
                                         const Clock& clock);

// Every TCP, UDP and UDP-Lite socket of the network namespace that `diag` was opened in. Protocols
// the kernel does not know are left out.
Result<std::vector<SocketEntry>> DumpAllSockets(SocketDiag& diag);

// The same with their owners.
Result<std::vector<SocketWithOwners>> ReadSocketTable(SocketDiag& diag, const Procfs& procfs);

}  // namespace procwall
