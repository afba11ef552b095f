// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/socket_table.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace procwall {

std::vector<SocketWithOwners> FindOwners(std::vector<SocketEntry> sockets, const Procfs& procfs,
                                         const Clock& clock) {
  std::ranges::sort(sockets, {}, [](const SocketEntry& socket) {
    return std::tuple(socket.protocol, socket.local, socket.remote, socket.inode);
  });
  std::vector<OwnerSearch::Wanted> wanted;
  wanted.reserve(sockets.size());
  for (const SocketEntry& socket : sockets) wanted.push_back({socket.inode, socket.uid});
  const std::vector<OwnerSearch::Found> found =
      OwnerSearch(procfs, clock)
          .Find(wanted, OwnerSearch::Thoroughness::kAllHolders, BootTime::max());

  std::vector<SocketWithOwners> table;
  table.reserve(sockets.size());
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    SocketWithOwners& row = table.emplace_back();
    row.socket = sockets[i];
    row.all_owners_known = found[i].all_holders_known || row.socket.inode == 0;
    for (const Holder& holder : found[i].holders) row.owners.push_back(holder.process);
    std::ranges::sort(row.owners, {}, [](const ProcessPtr& process) { return process->id.pid; });
  }
  return table;
}

Result<std::vector<SocketEntry>> DumpAllSockets(SocketDiag& diag) {
  std::vector<SocketEntry> sockets;
  for (const IpProtocol protocol : {IpProtocol::kTcp, IpProtocol::kUdp, IpProtocol::kUdpLite}) {
    auto dumped = diag.DumpAll(protocol);
    if (!dumped && dumped.error().code == Errc::kUnsupported) continue;
    if (!dumped) return dumped.error();
    sockets.insert(sockets.end(), dumped->begin(), dumped->end());
  }
  return sockets;
}

Result<std::vector<SocketWithOwners>> ReadSocketTable(SocketDiag& diag, const Procfs& procfs) {
  return FindOwners(PROCWALL_TRY(DumpAllSockets(diag)), procfs, SystemClock());
}

}  // namespace procwall
