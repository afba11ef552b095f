// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.h"
#include "base/guarded.h"
#include "daemon/event_follower.h"
#include "daemon/event_sink.h"
#include "daemon/sink_target.h"

namespace procwall {

struct SinkState {
  std::string name;
  std::uint64_t written = 0;
  std::uint64_t lost = 0;
  std::string trouble;  // what is wrong now; empty: nothing

  friend bool operator==(const SinkState&, const SinkState&) = default;
};

// Every sink that is configured, each with a thread of its own that follows the event log: one that
// hangs delays nobody. Decisions about the daemon's own packets are not sent over a network: they
// would make more of them. Thread rule: States() from any thread.
class Sinks {
 public:
  static constexpr std::chrono::milliseconds kInterval{200};

  // The log and the clock must outlive it. The error is for people.
  static tl::expected<std::unique_ptr<Sinks>, std::string> Start(
      const std::vector<SinkTarget>& targets, EventLog& log, const Clock& clock);

  std::vector<SinkState> States() const;

 private:
  static constexpr std::chrono::minutes kBetweenComplaints{1};
  struct Outlet {
    SinkTarget target;
    const Clock* clock = nullptr;
    std::unique_ptr<EventSink> sink;
    std::atomic<std::uint64_t> written{0};
    std::atomic<std::uint64_t> lost{0};
    Guarded<std::string> trouble;
    bool complained = false;
    BootTime next_complaint{};
    std::unique_ptr<EventFollower> follower;  // last: its thread uses all of the above
  };
  Sinks() = default;
  static void Handle(Outlet& outlet, const EventFollower::Batch& batch);
  static void Complain(Outlet& outlet, const std::string& trouble);

  std::vector<std::unique_ptr<Outlet>> outlets_;
};

}  // namespace procwall
