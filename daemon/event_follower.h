// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/wakeup.h"
#include "daemon/event_log.h"

namespace procwall {

// A thread that reads the event log on behalf of something slow: a disk, another program. It looks
// each `interval`, and earlier when much has come, so that it costs whoever appends one wake-up in
// a thousand events; what falls out of the log meanwhile is lost to it, and counted. Thread rule:
// construct and destroy on one thread.
class EventFollower {
 public:
  static constexpr std::size_t kMostEvents = 1024;

  struct Batch {
    std::vector<EventPtr> events{};  // at most kMostEvents
    std::uint64_t missed = 0;        // before these
  };
  // Called on the thread, after each look, also with nothing new.
  using Handle = std::function<void(const Batch&)>;

  // Begins with the events that the log still has. `name`: at most 15 characters. The log must
  // outlive it.
  static Result<std::unique_ptr<EventFollower>> Start(const char* name, EventLog& log,
                                                      std::chrono::milliseconds interval,
                                                      Handle handle);
  // What is in the log is handed over before it ends.
  ~EventFollower();
  EventFollower(const EventFollower&) = delete;
  EventFollower& operator=(const EventFollower&) = delete;

 private:
  EventFollower(const char* name, EventLog& log, std::chrono::milliseconds interval, Handle handle,
                std::shared_ptr<const Wakeup> wakeup);
  void Run();
  Batch Take();

  EventLog& log_;
  const std::chrono::milliseconds interval_;
  const Handle handle_;
  const std::shared_ptr<const Wakeup> wakeup_;
  std::uint64_t position_ = 1;
  std::atomic<bool> stopping_{false};
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace procwall
