// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "daemon/event.h"

namespace procwall {

// How often what was done for which reason, and how long it took. Counts only: raised by packet
// threads, read by any; each is right, several are read at slightly different moments.
class DecisionTally {
 public:
  static constexpr std::size_t kActions = 3;
  static constexpr std::size_t kReasons = 7;  // those of EventReason, and kUnparsable
  static constexpr std::size_t kUnparsable = 6;
  // The upper bounds of all buckets but the last, which has none.
  static constexpr std::array<std::chrono::nanoseconds, 15> kBounds = {
      std::chrono::microseconds(10),  std::chrono::microseconds(25),
      std::chrono::microseconds(50),  std::chrono::microseconds(100),
      std::chrono::microseconds(250), std::chrono::microseconds(500),
      std::chrono::milliseconds(1),   std::chrono::microseconds(2500),
      std::chrono::milliseconds(5),   std::chrono::milliseconds(10),
      std::chrono::milliseconds(50),  std::chrono::milliseconds(100),
      std::chrono::milliseconds(500), std::chrono::seconds(1),
      std::chrono::seconds(10)};

  void Count(RuleAction action, EventReason reason, bool is_unparsable) {
    const auto row = static_cast<std::size_t>(action);
    const bool apart = is_unparsable && reason == EventReason::kDefaultAction;
    const std::size_t column = apart ? kUnparsable : static_cast<std::size_t>(reason);
    decisions_[row * kReasons + column].fetch_add(1, std::memory_order_relaxed);
  }
  // Without the time that a person took.
  void Took(std::chrono::nanoseconds latency) {
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && latency > kBounds[bucket]) ++bucket;
    buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
    total_ns_.fetch_add(static_cast<std::uint64_t>(latency.count() > 0 ? latency.count() : 0),
                        std::memory_order_relaxed);
  }

  std::uint64_t Decisions(std::size_t action, std::size_t reason) const {
    return decisions_[action * kReasons + reason].load(std::memory_order_relaxed);
  }
  // Of that bucket alone.
  std::uint64_t InBucket(std::size_t bucket) const {
    return buckets_[bucket].load(std::memory_order_relaxed);
  }
  std::chrono::nanoseconds Total() const {
    return std::chrono::nanoseconds(total_ns_.load(std::memory_order_relaxed));
  }

 private:
  std::array<std::atomic<std::uint64_t>, kActions * kReasons> decisions_{};
  std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> buckets_{};
  std::atomic<std::uint64_t> total_ns_{0};
};

}  // namespace procwall
