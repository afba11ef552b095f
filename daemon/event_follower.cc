// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_follower.h"

#include <poll.h>

#include <cerrno>
#include <utility>

#include "base/background_thread.h"

namespace procwall {

Result<std::unique_ptr<EventFollower>> EventFollower::Start(const char* name, EventLog& log,
                                                            std::chrono::milliseconds interval,
                                                            Handle handle) {
  auto wakeup = std::make_shared<const Wakeup>(PROCWALL_TRY(Wakeup::Create()));
  return std::unique_ptr<EventFollower>(
      new EventFollower(name, log, interval, std::move(handle), std::move(wakeup)));
}

EventFollower::EventFollower(const char* name, EventLog& log, std::chrono::milliseconds interval,
                             Handle handle, std::shared_ptr<const Wakeup> wakeup)
    : log_(log),
      interval_(interval),
      handle_(std::move(handle)),
      wakeup_(std::move(wakeup)),
      thread_([this, name] {
        BeginBackgroundThread(name);
        Run();
      }) {
  log_.AlsoWake(wakeup_);
}

EventFollower::~EventFollower() {
  stopping_.store(true);
  wakeup_->Wake();
  thread_.join();
}

void EventFollower::Run() {
  for (;;) {
    const bool is_last = stopping_.load();
    const Batch batch = Take();
    handle_(batch);
    if (batch.events.size() == kMostEvents) continue;  // there may be more
    if (is_last) return;
    pollfd waiting{wakeup_->UnsafeFd(), POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(interval_.count())) < 0 && errno != EINTR) return;
    wakeup_->Clear();
  }
}

EventFollower::Batch EventFollower::Take() {
  Batch batch;
  while (batch.events.size() < kMostEvents) {
    auto read = log_.Next(position_);
    batch.missed += read.missed;
    if (!read.event) break;
    batch.events.push_back(std::move(read.event));
  }
  return batch;
}

}  // namespace procwall
