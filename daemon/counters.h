// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <cstdint>

#include "daemon/decision_tally.h"
#include "daemon/rule_hits.h"

namespace procwall {

// A count that one thread raises and any thread reads. Relaxed: each is right, two of them are read
// at slightly different moments.
class Counter {
 public:
  void Add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  void Subtract(std::uint64_t n = 1) { value_.fetch_sub(n, std::memory_order_relaxed); }
  void Set(std::uint64_t n) { value_.store(n, std::memory_order_relaxed); }
  std::uint64_t Get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// What the daemon has counted since its start. Every packet is accounted for:
// packets = allowed + denied + rejected + parked + dns_answers.
struct Counters {
  Counter packets;
  Counter allowed;
  Counter denied;
  Counter rejected;
  Counter parked;     // waiting now, for the finder or for a person
  Counter asked;      // of the parked: for a person
  Counter questions;  // open now
  Counter dns_answers;
  Counter unparsable;        // of the decided
  Counter unknown;           // of the decided: without a program
  Counter lost_queue_full;   // by the kernel, of QueueCounters
  Counter lost_buffer_full;  // by the kernel, of QueueCounters
  Counter undecodable;       // queue messages that made no sense; answered kDrop
  DecisionTally decisions;
  RuleHits rule_hits;
};

}  // namespace procwall
