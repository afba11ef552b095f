// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.h"
#include "net/held_packet.h"
#include "net/netlink.h"
#include "net/queue_request.h"
#include "net/queue_waker.h"
#include "net/queued_packet.h"

namespace procwall {

// The NFQUEUE we own: receives packets, sends verdicts, over libmnl and libnetfilter_queue's
// message builders. GSO packets arrive whole, uid and gid are asked for, fail-open is off, ENOBUFS
// is silenced (losses are read by ReadQueueCounters). Verdicts are collected and go out in one
// send at Flush(). When it dies, collected verdicts are still sent; the kernel drops the packets
// that are unanswered then. Thread rule: one thread only.
class PacketQueue final : public VerdictSink {
 public:
  // Packets one Take() takes at most, and verdicts one sendmsg carries at most.
  static constexpr std::size_t kBatch = 64;
  static constexpr std::size_t kVerdictBatch = 256;
  static constexpr std::chrono::seconds kLongestWait{1};

  // kBusy when the number is taken, kPermission without CAP_NET_ADMIN, kUnsupported when the kernel
  // has no NFQUEUE, kTooLarge for a copy range beyond kMaxCopyRange.
  static Result<PacketQueue> Open(const QueueOptions& options);
  // A queue over a socket that is bound to it already: a test is the kernel at its other end.
  PacketQueue(NetlinkSocket bound, const QueueOptions& options);
  ~PacketQueue() override;
  PacketQueue(PacketQueue&&) noexcept;
  PacketQueue& operator=(PacketQueue&&) = delete;
  PacketQueue(const PacketQueue&) = delete;
  PacketQueue& operator=(const PacketQueue&) = delete;

  int UnsafeFd() const;                    // readable when packets wait; for poll()
  std::size_t ReceiveBufferBytes() const;  // what the kernel granted

  // What wakes the thread that waits in Take().
  Result<QueueWaker> OpenWaker() const;

  // Takes messages: what there is, at most a batch; or, if the caller has nothing else to do, the
  // first that comes or came, for which it waits kLongestWait at most. How many: 0, when there was
  // none.
  enum class Wait : std::uint8_t { kNo, kForOne };
  Result<std::size_t> Take(Wait wait);
  // Calls `each` for every packet that the last Take() took; how many there were: a message may be
  // a wake, or the kernel's complaint about a verdict for a packet that is gone. What `each`
  // answers of one that came alone is sent at once. A message that cannot be decoded but has an id
  // is answered kDrop, and counted by Undecodable().
  std::size_t HandOn(const std::function<void(const QueuedPacket&)>& each);

  // Messages so far that made no sense; their packets were dropped.
  std::uint64_t Undecodable() const;

  void Answer(std::uint32_t packet_id, Verdict verdict) override;
  // Sends the collected verdicts. A full Answer() buffer flushes by itself. On failure, after a
  // bounded wait, the unsent verdicts are kept for the next Flush().
  Status Flush();

 private:
  struct State;
  std::unique_ptr<State> state_;  // null once moved from
};

}  // namespace procwall
