// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/packet_sockets.h"

#include <algorithm>

#include "attribution/owner_search.h"

namespace procwall {
namespace {

Result<std::vector<PacketSocket>> Dump(NetlinkSocket& sock_diag) {
  std::vector<PacketSocket> sockets;
  PacketSocketRequest request = EncodePacketSocketDump();
  const Status dumped = sock_diag.Request(request, [&sockets](Bytes message) -> Status {
    if (sockets.size() >= kMaxPacketSockets) {
      return Error{Errc::kTooLarge, 0, "list packet sockets"};
    }
    sockets.push_back(PROCWALL_TRY(DecodePacketSocket(message)));
    return {};
  });
  if (dumped) return sockets;
  if (dumped.error().code == Errc::kNotFound) {
    return Error{Errc::kUnsupported, 0, "list packet sockets"};
  }
  return dumped.error();
}

}  // namespace

Result<std::vector<PacketSocketWithOwners>> ReadPacketSockets(NetlinkSocket& sock_diag,
                                                              const Procfs& procfs,
                                                              const Clock& clock) {
  const std::vector<PacketSocket> sockets = PROCWALL_TRY(Dump(sock_diag));
  std::vector<OwnerSearch::Wanted> wanted;
  wanted.reserve(sockets.size());
  for (const PacketSocket& socket : sockets) {
    wanted.push_back({socket.inode, socket.uid.value_or(0)});
  }
  const std::vector<OwnerSearch::Found> found =
      OwnerSearch(procfs, clock)
          .Find(wanted, OwnerSearch::Thoroughness::kAllHolders, BootTime::max());
  std::vector<PacketSocketWithOwners> table;
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    PacketSocketWithOwners& row = table.emplace_back();
    row.socket = sockets[i];
    row.all_owners_known = found[i].all_holders_known;
    for (const Holder& holder : found[i].holders) row.owners.push_back(holder.process);
    std::ranges::sort(row.owners, {}, [](const ProcessPtr& process) { return process->id.pid; });
  }
  return table;
}

}  // namespace procwall
