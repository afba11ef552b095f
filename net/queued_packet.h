// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "net/connection.h"

namespace procwall {

// One packet that waits in the queue, as the kernel describes it: NFQNL_MSG_PACKET of
// <linux/netfilter/nfnetlink_queue.h>, in host order. `payload` borrows from the receive buffer and
// dies with the next Receive().
struct QueuedPacket {
  std::uint32_t id = 0;
  std::uint8_t hook = 0;  // NF_INET_*: 1 LOCAL_IN, 2 FORWARD, 3 LOCAL_OUT, 4 POST_ROUTING
  std::uint32_t in_ifindex = 0;
  std::uint32_t out_ifindex = 0;
  std::uint32_t mark = 0;
  std::optional<Uid> uid;           // NFQA_UID (3.14): of the packet's socket; absent without one
  bool checksum_not_ready = false;  // the hardware, or the kernel later, will fill it in
  std::size_t original_size = 0;    // NFQA_CAP_LEN when the copy was cut, else the payload's size
  Bytes payload;                    // the IP header and what follows
};

// kUnsupported: another kind of message. kMalformed: without a packet id. kTruncated: cut short.
// Attributes we have no use for are skipped.
Result<QueuedPacket> DecodeQueuedPacket(Bytes netlink_message);

// The packet id of a message that is otherwise damaged: its packet waits for an answer all the
// same.
std::optional<std::uint32_t> FindPacketId(Bytes netlink_message);

}  // namespace procwall
