// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/bytes.h"

namespace procwall {

// What the kernel is told: the packet goes on, or it ends here; with it, our bit of conntrack's
// mark of its flow is set or taken away, before any other packet of the flow can come up. The
// packet's own mark is never touched.
enum class Verdict : std::uint8_t { kAccept, kDrop, kAcceptAndMark, kAcceptAndUnmark };
inline constexpr std::size_t kVerdicts = 4;

// Whoever takes the verdict to the kernel: the queue, or a test.
class VerdictSink {
 public:
  virtual ~VerdictSink() = default;
  // Exactly once per packet id.
  virtual void Answer(std::uint32_t packet_id, Verdict verdict) = 0;
};

// A packet for which the kernel waits. Move-only: `std::move(packet).Answer(verdict)` answers it
// exactly once; one that dies unanswered is answered with `if_dropped`, written at construction and
// never guessed. The sink must outlive it. Thread rule: the packet thread only.
class HeldPacket {
 public:
  HeldPacket(VerdictSink& sink, std::uint32_t packet_id, Verdict if_dropped)
      : sink_(&sink), packet_id_(packet_id), if_dropped_(if_dropped) {}
  ~HeldPacket() { AnswerIfHeld(); }

  HeldPacket(HeldPacket&& other) noexcept
      : sink_(std::exchange(other.sink_, nullptr)),
        packet_id_(other.packet_id_),
        if_dropped_(other.if_dropped_) {}
  HeldPacket& operator=(HeldPacket&& other) noexcept {
    if (this != &other) {
      AnswerIfHeld();
      sink_ = std::exchange(other.sink_, nullptr);
      packet_id_ = other.packet_id_;
      if_dropped_ = other.if_dropped_;
    }
    return *this;
  }
  HeldPacket(const HeldPacket&) = delete;
  HeldPacket& operator=(const HeldPacket&) = delete;

  std::uint32_t Id() const { return packet_id_; }

  void Answer(Verdict verdict) && {
    if (VerdictSink* sink = std::exchange(sink_, nullptr)) sink->Answer(packet_id_, verdict);
  }

 private:
  void AnswerIfHeld() noexcept {
    if (VerdictSink* sink = std::exchange(sink_, nullptr)) sink->Answer(packet_id_, if_dropped_);
  }

  VerdictSink* sink_;  // null once answered or moved from
  std::uint32_t packet_id_;
  Verdict if_dropped_;
};

}  // namespace procwall
