// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>

namespace procwall {

// Monotonic time that includes suspend: CLOCK_BOOTTIME, so that "15 minutes" ends after a nap too.
struct BootClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock>;
  static constexpr bool is_steady = true;  // NOLINT(readability-identifier-naming): std's name
};
using BootTime = BootClock::time_point;
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

// Where time comes from; passed as an argument so that tests move it by hand.
// Thread rule: all methods from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual BootTime Now() const = 0;
  virtual WallTime WallNow() const = 0;
};

// The kernel's clocks.
class SystemClock final : public Clock {
 public:
  BootTime Now() const override;
  WallTime WallNow() const override;
};

}  // namespace procwall
