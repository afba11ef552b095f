// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>

namespace procwall {

// A queue between threads that never grows past its limit and never blocks: a full queue refuses,
// and the caller counts. Waking the receiver is not its business; pair it with a Wakeup. Thread
// rule: all methods from any thread.
template <typename T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t limit) : limit_(limit) {}

  enum class Pushed : unsigned char {
    kFirst,   // the queue was empty before: wake the receiver
    kQueued,  // the receiver has been woken already and will find it
    kFull,    // refused; `value` is unchanged
  };

  [[nodiscard]] Pushed TryPush(T&& value) {
    const std::lock_guard lock(mutex_);
    if (items_.size() >= limit_) return Pushed::kFull;
    items_.push_back(std::move(value));
    size_.store(items_.size());
    return items_.size() == 1 ? Pushed::kFirst : Pushed::kQueued;
  }

  // Everything that waits, in order; the queue is empty afterwards.
  std::deque<T> TakeAll() {
    std::deque<T> taken;
    const std::lock_guard lock(mutex_);
    taken.swap(items_);
    size_.store(0);
    return taken;
  }

  std::size_t Size() const { return size_.load(); }  // waits for nobody

 private:
  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::deque<T> items_;
  std::atomic<std::size_t> size_{0};  // of items_; changed by who holds the lock
};

}  // namespace procwall
