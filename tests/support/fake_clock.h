// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>

#include "base/clock.h"

namespace procwall {

// A clock that stands still until a test moves it.
class FakeClock final : public Clock {
 public:
  BootTime Now() const override { return now_; }
  WallTime WallNow() const override { return wall_now_; }

  void Advance(std::chrono::nanoseconds by) {
    now_ += by;
    wall_now_ += by;
  }

 private:
  BootTime now_{std::chrono::hours(1)};
  WallTime wall_now_{std::chrono::hours(500000)};  // in January 2027
};

}  // namespace procwall
