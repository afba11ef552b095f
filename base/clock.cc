// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/clock.h"

#include <ctime>

namespace procwall {
namespace {

std::chrono::nanoseconds ReadClock(clockid_t id) {
  timespec now{};
  ::clock_gettime(id, &now);  // cannot fail for these ids
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

BootTime SystemClock::Now() const { return BootTime(ReadClock(CLOCK_BOOTTIME)); }

WallTime SystemClock::WallNow() const { return WallTime(ReadClock(CLOCK_REALTIME)); }

}  // namespace procwall
