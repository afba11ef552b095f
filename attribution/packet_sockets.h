// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <vector>

#include "attribution/packet_socket_message.h"
#include "attribution/process.h"
#include "attribution/procfs.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/netlink.h"

namespace procwall {

// An AF_PACKET socket and the processes that hold it: what they send passes below every firewall
// rule of the IP layer.
struct PacketSocketWithOwners {
  PacketSocket socket;
  std::vector<ProcessPtr> owners;  // by pid
  bool all_owners_known = false;   // false: there may be more (processes we may not look at, ...)
};

// Those of the network namespace that `sock_diag` (NETLINK_SOCK_DIAG) was opened in, by one walk
// over /proc. At most kMaxPacketSockets (kTooLarge). kUnsupported: the kernel cannot list them
// (CONFIG_PACKET_DIAG).
inline constexpr std::size_t kMaxPacketSockets = 65536;
Result<std::vector<PacketSocketWithOwners>> ReadPacketSockets(NetlinkSocket& sock_diag,
                                                              const Procfs& procfs,
                                                              const Clock& clock);

}  // namespace procwall
