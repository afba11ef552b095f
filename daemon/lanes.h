// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <concepts>
#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

#include "base/bounded_queue.h"
#include "base/waker.h"

namespace procwall {

// Which packet thread: they are numbered from 0, one for each queue number.
using Lane = std::size_t;

// The packet threads, and what wakes each of them. A value; the wakers must outlive it. Thread
// rule: all methods from any thread.
class Lanes {
 public:
  static constexpr std::size_t kMost = 16;

  // One packet thread, as it is unless more are configured.
  Lanes(const Waker& only) : wakers_{&only} {}  // NOLINT(google-explicit-constructor)
  // One for each; at least one.
  template <std::derived_from<Waker> AWaker>
  explicit Lanes(const std::vector<AWaker>& wakers) {
    for (const Waker& waker : wakers) wakers_.push_back(&waker);
  }

  std::size_t Count() const { return wakers_.size(); }
  const Waker& Of(Lane lane) const { return *wakers_[lane]; }
  void Wake(Lane lane) const { wakers_[lane]->Wake(); }
  void WakeAll() const {
    for (const Waker* waker : wakers_) waker->Wake();
  }

 private:
  std::vector<const Waker*> wakers_;
};

// Answers on their way to the packet thread that asked, `limit` for each. Never blocks. Thread
// rule: all methods from any thread.
template <typename Answer>
class LaneAnswers {
 public:
  LaneAnswers(Lanes lanes, std::size_t limit) : lanes_(std::move(lanes)) {
    for (std::size_t i = 0; i < lanes_.Count(); ++i) boxes_.emplace_back(limit);
  }

  // Wakes the thread if it has not been. False: it is full.
  bool Send(Lane lane, Answer&& answer) {
    const auto pushed = boxes_[lane].TryPush(std::move(answer));
    if (pushed == BoundedQueue<Answer>::Pushed::kFirst) lanes_.Wake(lane);
    return pushed != BoundedQueue<Answer>::Pushed::kFull;
  }
  bool HasAny(Lane lane) const { return boxes_[lane].Size() > 0; }
  std::deque<Answer> TakeAll(Lane lane) { return boxes_[lane].TakeAll(); }

 private:
  const Lanes lanes_;
  std::deque<BoundedQueue<Answer>> boxes_;  // by lane
};

}  // namespace procwall
