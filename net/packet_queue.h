// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "net/connection.h"
#include "net/held_packet.h"

namespace procwall {

// One message of the queue, decoded: <linux/netfilter/nfnetlink_queue.h>. `payload` borrows from
// the receive buffer and dies with the next Receive().
struct QueuedPacket {
  std::uint32_t id = 0;
  std::uint8_t hook = 0;  // NF_INET_*: 1 LOCAL_IN, 2 FORWARD, 3 LOCAL_OUT, 4 POST_ROUTING
  std::uint32_t in_ifindex = 0;
  std::uint32_t out_ifindex = 0;
  std::uint32_t mark = 0;
  std::optional<Uid> uid;  // NFQA_UID (3.14)
  bool checksum_not_ready = false;
  std::size_t original_size =
      0;          // NFQA_CAP_LEN: the size on the wire when the copy was cut, else payload's
  Bytes payload;  // the IP header and what follows
};

// Pure halves, so that tests need no socket.
Result<QueuedPacket> DecodeQueuedPacket(Bytes netlink_message);

// Per-queue columns of /proc/net/netfilter/nfnetlink_queue: losses that no message tells us about.
struct QueueCounters {
  std::uint32_t waiting = 0;        // packets in the kernel's queue now
  std::uint64_t queue_dropped = 0;  // the queue was full
  std::uint64_t user_dropped = 0;   // our receive buffer was full
  std::uint64_t last_id = 0;
};
std::optional<QueueCounters> ParseQueueCounters(std::string_view table, std::uint16_t queue_number);

struct QueueOptions {
  std::uint16_t number = 0;
  std::uint32_t max_length = 32768;  // packets that may wait for a verdict
  std::uint32_t copy_range = 2048;   // bytes of each packet that come up: headers and a DNS answer
  std::size_t receive_buffer_bytes = std::size_t{64} << 20;
};

// The NFQUEUE we own: receives packets, sends verdicts, over libmnl and libnetfilter_queue's
// message builders. GSO packets arrive whole, uid and gid are asked for, fail-open is off, ENOBUFS
// is silenced (losses are read from QueueCounters). Verdicts are collected and go out in one
// sendmsg at Flush(). Thread rule: one thread only.
class PacketQueue final : public VerdictSink {
 public:
  // kBusy when the number is taken, kPermission without CAP_NET_ADMIN, kUnsupported when the kernel
  // has no NFQUEUE.
  static Result<PacketQueue> Open(const QueueOptions& options);
  ~PacketQueue() override;
  PacketQueue(PacketQueue&&) noexcept;
  PacketQueue& operator=(PacketQueue&&) = delete;
  PacketQueue(const PacketQueue&) = delete;
  PacketQueue& operator=(const PacketQueue&) = delete;

  int UnsafeFd() const;                    // readable when packets wait; for poll()
  std::size_t ReceiveBufferBytes() const;  // what the kernel granted

  // Takes up to one batch of waiting packets without blocking and calls `each` for every one; the
  // number of messages taken, 0 when none waited. A message that cannot be decoded but has an id is
  // answered kDrop.
  Result<std::size_t> Receive(const std::function<void(const QueuedPacket&)>& each);

  void Answer(std::uint32_t packet_id, Verdict verdict) override;
  // Sends the collected verdicts. A full Answer() buffer flushes by itself.
  Status Flush();

 private:
  struct State;
  explicit PacketQueue(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace procwall
