// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "attribution/socket_entry.h"
#include "base/bytes.h"
#include "base/result.h"

namespace procwall {

// One AF_PACKET socket as packet_diag describes it (<linux/packet_diag.h>, packet_diag_msg): it
// sees and sends frames below the IP layer.
struct PacketSocket {
  Inode inode = 0;
  std::uint16_t protocol = 0;  // ETH_P_*, host order, it receives; 0: none, it only sends
  std::uint32_t ifindex = 0;   // 0: every interface
  std::optional<Uid> uid;

  friend bool operator==(const PacketSocket&, const PacketSocket&) = default;
};

// A netlink header and a packet_diag_req: every AF_PACKET socket of the network namespace.
using PacketSocketRequest = std::array<std::byte, 36>;
PacketSocketRequest EncodePacketSocketDump();

// One reply. kUnsupported: another kind of message, or of another family. Pure, total.
Result<PacketSocket> DecodePacketSocket(Bytes netlink_message);

}  // namespace procwall
