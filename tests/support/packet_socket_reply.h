// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sys/socket.h>

#include <linux/packet_diag.h>
#include <linux/sock_diag.h>

#include <span>

#include "attribution/packet_socket_message.h"
#include "tests/support/netlink_builder.h"

namespace procwall {

// What the kernel answers about an AF_PACKET socket.
inline NetlinkBuilder PacketSocketReply(const PacketSocket& socket) {
  packet_diag_msg body{};
  body.pdiag_family = AF_PACKET;
  body.pdiag_type = SOCK_RAW;
  body.pdiag_num = socket.protocol;
  body.pdiag_ino = static_cast<std::uint32_t>(socket.inode);
  packet_diag_info info{};
  info.pdi_index = socket.ifindex;
  NetlinkBuilder builder(SOCK_DIAG_BY_FAMILY);
  builder.Flags(NLM_F_MULTI).Body(body);
  builder.Attribute(PACKET_DIAG_INFO, std::as_bytes(std::span(&info, 1)));
  if (socket.uid) {
    builder.Attribute(PACKET_DIAG_UID, std::as_bytes(std::span(&*socket.uid, 1)));
  }
  return builder;
}

}  // namespace procwall
