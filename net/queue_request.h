// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "net/flow_mark.h"
#include "net/held_packet.h"

namespace procwall {

struct QueueOptions {
  std::uint16_t number = 0;
  std::uint32_t max_length = 32768;  // packets that may wait for a verdict
  std::uint32_t copy_range = 2048;   // bytes of each packet that come up: headers and a DNS answer
  std::size_t receive_buffer_bytes = std::size_t{64} << 20;
  FlowMark flow_mark = 0;  // for verdicts that change it; 0: they are plain kAccept
};
inline constexpr std::uint32_t kMaxCopyRange = 65531;  // the kernel cuts more down to this

// What we tell the kernel about a queue, as whole netlink messages, built by libnetfilter_queue.
// Pure: <linux/netfilter/nfnetlink_queue.h>.

// Does nothing, and is acknowledged if we may configure queues and the kernel has them.
std::vector<std::byte> EncodeQueueProbe();

// Takes the queue and sets everything but what is copied: until EncodeCopyMode() no packet comes
// up. Wants an ACK.
std::vector<std::byte> EncodeQueueBind(const QueueOptions& options);

// From now on packets come up. Without an ACK, which would arrive among them: only a refusal is
// answered.
std::vector<std::byte> EncodeCopyMode(const QueueOptions& options);

// One verdict message, of kVerdictBytes unless it changes the flow's mark. It carries no mark
// of the packet, so that its own is kept, and wants no ACK. A kernel without ctnetlink leaves the
// flow's mark as it is.
inline constexpr std::size_t kVerdictBytes = 32;
inline constexpr std::size_t kMarkingVerdictBytes = 52;
std::vector<std::byte> EncodeVerdict(const QueueOptions& queue, std::uint32_t packet_id,
                                     Verdict verdict);

}  // namespace procwall
