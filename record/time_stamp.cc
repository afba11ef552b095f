// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/time_stamp.h"

#include <cstdint>

#include <fmt/format.h>

namespace procwall {

bool IsValid(const google::protobuf::Timestamp& time) {
  constexpr std::int64_t kFirst = -62135596800;  // 0001-01-01T00:00:00Z
  constexpr std::int64_t kLast = 253402300799;   // 9999-12-31T23:59:59Z
  return time.seconds() >= kFirst && time.seconds() <= kLast && time.nanos() >= 0 &&
         time.nanos() < 1'000'000'000;
}

std::string Rfc3339(const google::protobuf::Timestamp& time) {
  if (!IsValid(time)) return kInvalidTime;
  const std::chrono::sys_seconds point{std::chrono::seconds(time.seconds())};
  const auto day = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{point - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     time.nanos());
}

std::chrono::nanoseconds Nanoseconds(const google::protobuf::Duration& duration) {
  // Longer than any packet is held, shorter than an overflow.
  constexpr std::int64_t kMaxSeconds = 1'000'000'000;
  if (duration.seconds() < 0 || duration.seconds() > kMaxSeconds) return {};
  return std::chrono::seconds(duration.seconds()) + std::chrono::nanoseconds(duration.nanos());
}

std::int64_t EpochNanoseconds(const google::protobuf::Timestamp& time) {
  // What 64 bits hold: the years 1678 to 2262.
  constexpr std::int64_t kMaxSeconds = 9'223'372'035;
  if (time.seconds() > kMaxSeconds) return kMaxSeconds * 1'000'000'000;
  if (time.seconds() < -kMaxSeconds) return -kMaxSeconds * 1'000'000'000;
  return time.seconds() * 1'000'000'000 + time.nanos();
}

}  // namespace procwall
