// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <netinet/in.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>

#include <cstdint>

#include "tests/support/netlink_builder.h"

namespace procwall {

inline constexpr int kPacketMessage = (NFNL_SUBSYS_QUEUE << 8) | NFQNL_MSG_PACKET;
inline constexpr std::uint8_t kLocalOut = 3;  // NF_INET_LOCAL_OUT

// The start of a queued packet's message: add attributes, then Build().
inline NetlinkBuilder QueueMessage(std::uint32_t packet_id) {
  nfqnl_msg_packet_hdr header{};
  header.packet_id = htonl(packet_id);
  header.hw_protocol = htons(0x0800);
  header.hook = kLocalOut;
  return NetlinkBuilder(kPacketMessage)
      .Body(nfgenmsg{})
      .Attribute(NFQA_PACKET_HDR, std::as_bytes(std::span(&header, 1)));
}

}  // namespace procwall
