// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "daemon/event.h"
#include "daemon/opensnitch_message.h"

namespace procwall {

// How often each of many things happened, bounded: a new thing takes the place of the rarest.
class TopHits {
 public:
  // Twice to ten times as many as are shown, so that those are right unless it is very close.
  static constexpr std::size_t kKept = 256;

  void Count(const std::string& what);
  // The `most` frequent.
  GuiStatistics::Hits Top(std::size_t most) const;

 private:
  GuiStatistics::Hits hits_;
};

// What OpenSnitch's GUI shows of the decisions since the daemon's start. Keeps the newest of them
// until the GUI has them. Thread rule: one thread only.
class OpensnitchStatistics {
 public:
  // As OpenSnitch names them: Stats.MaxEvents and Stats.MaxStats.
  struct Limits {
    std::size_t events = 250;
    std::size_t hits = 25;
  };
  explicit OpensnitchStatistics(Limits limits) : limits_(limits) {}

  void Add(const EventPtr& event);
  // Hits and the events that wait; the rest is the caller's. These events count as sent.
  GuiStatistics Collect();
  // What was collected last has arrived.
  void OnDelivered();

 private:
  Limits limits_;
  TopHits by_protocol_;
  TopHits by_address_;
  TopHits by_host_;
  TopHits by_port_;
  TopHits by_user_;
  TopHits by_program_;
  std::uint64_t rule_hits_ = 0;
  std::uint64_t rule_misses_ = 0;
  std::deque<GuiEvent> waiting_;
  std::int64_t last_time_ = 0;
  std::int64_t sent_until_ = 0;
};

}  // namespace procwall
