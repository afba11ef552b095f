// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <chrono>

#include "base/clock.h"

namespace procwall {

// A clock that stands still until a test moves it. Any thread may look at it.
class FakeClock final : public Clock {
 public:
  BootTime Now() const override { return now_.load(); }
  WallTime WallNow() const override { return wall_now_.load(); }

  void Advance(std::chrono::nanoseconds by) {
    now_.store(now_.load() + by);
    wall_now_.store(wall_now_.load() + by);
  }

 private:
  std::atomic<BootTime> now_{BootTime(std::chrono::hours(1))};
  std::atomic<WallTime> wall_now_{WallTime(std::chrono::hours(500000))};  // in January 2027
};

}  // namespace procwall
