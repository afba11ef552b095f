// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/time_text.h"

#include <cstdint>
#include <ctime>

#include <fmt/format.h>

namespace procwall {
namespace {

// The range google/protobuf/timestamp.proto promises.
bool IsValid(const google::protobuf::Timestamp& time) {
  constexpr std::int64_t kFirst = -62135596800;  // 0001-01-01T00:00:00Z
  constexpr std::int64_t kLast = 253402300799;   // 9999-12-31T23:59:59Z
  return time.seconds() >= kFirst && time.seconds() <= kLast && time.nanos() >= 0 &&
         time.nanos() < 1'000'000'000;
}

constexpr const char* kInvalid = "invalid-time";

}  // namespace

std::string Rfc3339(const google::protobuf::Timestamp& time) {
  if (!IsValid(time)) return kInvalid;
  const std::chrono::sys_seconds point{std::chrono::seconds(time.seconds())};
  const auto day = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{point - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     time.nanos());
}

std::string ClockText(const google::protobuf::Timestamp& time, std::chrono::seconds utc_offset,
                      Precision precision) {
  if (!IsValid(time)) return kInvalid;
  const std::chrono::sys_seconds point{std::chrono::seconds(time.seconds()) + utc_offset};
  const std::chrono::hh_mm_ss clock{point - std::chrono::floor<std::chrono::days>(point)};
  std::string seconds = fmt::format("{:02}:{:02}:{:02}", clock.hours().count(),
                                    clock.minutes().count(), clock.seconds().count());
  if (precision == Precision::kSeconds) return seconds;
  return fmt::format("{}.{:03}", seconds, time.nanos() / 1'000'000);
}

std::chrono::seconds UtcOffsetAt(const google::protobuf::Timestamp& time) {
  const std::time_t seconds = time.seconds();
  std::tm local{};
  if (::localtime_r(&seconds, &local) == nullptr) return {};
  return std::chrono::seconds(local.tm_gmtoff);
}

std::chrono::nanoseconds Nanoseconds(const google::protobuf::Duration& duration) {
  // Longer than any packet is held, shorter than an overflow.
  constexpr std::int64_t kMaxSeconds = 1'000'000'000;
  if (duration.seconds() < 0 || duration.seconds() > kMaxSeconds) return {};
  return std::chrono::seconds(duration.seconds()) + std::chrono::nanoseconds(duration.nanos());
}

std::string LatencyText(std::chrono::nanoseconds latency) {
  const auto shown = [](double amount, const char* unit) {
    return amount < 9.95 ? fmt::format("{:.1f} {}", amount, unit)
                         : fmt::format("{:.0f} {}", amount, unit);
  };
  const auto ns = static_cast<double>(latency.count());
  if (ns < 1e3) return fmt::format("{} ns", latency.count());
  if (ns < 999.5e3) return shown(ns / 1e3, "µs");
  if (ns < 999.5e6) return shown(ns / 1e6, "ms");
  return shown(ns / 1e9, "s");
}

std::string AgeText(std::chrono::seconds age) {
  const std::int64_t total = age.count() < 0 ? 0 : age.count();
  if (total < 60) return fmt::format("{} s", total);
  if (total < 3600) return fmt::format("{} min {} s", total / 60, total % 60);
  if (total < 86400) return fmt::format("{} h {} min", total / 3600, total % 3600 / 60);
  return fmt::format("{} d {} h", total / 86400, total % 86400 / 3600);
}

}  // namespace procwall
