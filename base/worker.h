// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <poll.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <deque>
#include <functional>
#include <thread>
#include <utility>

#include "base/bounded_queue.h"
#include "base/result.h"
#include "base/wakeup.h"

namespace procwall {

// A named thread with a bounded queue of tasks: everything that waits is handed to `handle` at
// once. The destructor lets the running batch end and forgets the rest. Thread rule: TryAsk() from
// any thread; construct and destroy on one thread.
template <typename Task>
class Worker {
 public:
  using Handle = std::function<void(std::deque<Task> tasks)>;

  // `name`: at most 15 characters. `asked` comes from Wakeup::Create().
  Worker(const char* name, std::size_t limit, Wakeup asked, Handle handle)
      : asked_(std::move(asked)), tasks_(limit), handle_(std::move(handle)), thread_([this, name] {
          ::pthread_setname_np(::pthread_self(), name);
          Run();
        }) {}
  ~Worker() {
    stopping_.store(true);
    asked_.Wake();
    thread_.join();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // False: too many tasks wait.
  [[nodiscard]] bool TryAsk(Task&& task) {
    const auto pushed = tasks_.TryPush(std::move(task));
    if (pushed == BoundedQueue<Task>::Pushed::kFirst) asked_.Wake();
    return pushed != BoundedQueue<Task>::Pushed::kFull;
  }

 private:
  void Run() {
    while (!stopping_.load()) {
      pollfd waiting{asked_.UnsafeFd(), POLLIN, 0};
      if (::poll(&waiting, 1, -1) < 0 && errno != EINTR) return;
      asked_.Clear();
      if (auto tasks = tasks_.TakeAll(); !tasks.empty() && !stopping_.load())
        handle_(std::move(tasks));
    }
  }

  const Wakeup asked_;
  BoundedQueue<Task> tasks_;
  const Handle handle_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace procwall
