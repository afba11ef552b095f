// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <mutex>
#include <utility>

namespace procwall {

// Data that can be reached only through its lock: `auto held = counters.Lock(); held->packets++;`.
// Hold the returned object for a few instructions, never across a system call.
template <typename T>
class Guarded {
 public:
  class Held {
   public:
    T* operator->() const { return value_; }
    T& operator*() const { return *value_; }

   private:
    friend class Guarded;
    Held(std::mutex& mutex, T& value) : lock_(mutex), value_(&value) {}
    std::unique_lock<std::mutex> lock_;
    T* value_;
  };

  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  [[nodiscard]] Held Lock() { return Held(mutex_, value_); }

  // A copy made under the lock: for small values and for shared_ptr snapshots.
  T Copy() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  void Set(T value) {
    const std::lock_guard lock(mutex_);
    std::swap(value_, value);  // the old value dies after the lock is gone
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

}  // namespace procwall
