// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/time_text.h"

#include <cstdint>
#include <ctime>

#include <fmt/format.h>

namespace procwall {

std::string ClockText(const google::protobuf::Timestamp& time, std::chrono::seconds utc_offset,
                      Precision precision) {
  if (!IsValid(time)) return kInvalidTime;
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
