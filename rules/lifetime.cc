// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/lifetime.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

namespace procwall {
namespace {

constexpr double kMost = 9.2e18;  // nanoseconds that fit

// Nanoseconds. Both letters that look like the Greek mu are in use.
constexpr std::array<std::pair<std::string_view, double>, 8> kUnits{{{"ns", 1},
                                                                     {"us", 1e3},
                                                                     {"\u00b5s", 1e3},
                                                                     {"\u03bcs", 1e3},
                                                                     {"ms", 1e6},
                                                                     {"s", 1e9},
                                                                     {"m", 60e9},
                                                                     {"h", 3600e9}}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "12.5", ".5", "5.": taken off the text. nullopt: no digit there.
std::optional<double> TakeNumber(std::string_view& text) {
  double value = 0;
  double place = 0;  // of the next digit after the point; 0: before it
  std::size_t digits = 0;
  for (; !text.empty() && (IsDigit(text.front()) || (text.front() == '.' && place == 0));
       text.remove_prefix(1)) {
    if (text.front() == '.') {
      place = 0.1;
      continue;
    }
    ++digits;
    const double digit = text.front() - '0';
    if (place == 0) {
      value = value * 10 + digit;
    } else {
      value += digit * place;
      place /= 10;
    }
  }
  return digits == 0 ? std::nullopt : std::optional(value);
}

// The unit, up to the next digit or point, in nanoseconds; taken off the text.
std::optional<double> TakeUnit(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && !IsDigit(text[end]) && text[end] != '.') ++end;
  const std::string_view name = text.substr(0, end);
  text.remove_prefix(end);
  for (const auto& [unit, nanoseconds] : kUnits) {
    if (unit == name) return nanoseconds;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::chrono::nanoseconds> ParseGoDuration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return std::chrono::nanoseconds(0);
  if (text.empty()) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    const auto number = TakeNumber(text);
    const auto unit = TakeUnit(text);
    if (!number || !unit) return std::nullopt;
    total += *number * *unit;
  }
  if (!(total < kMost)) return std::nullopt;
  return std::chrono::nanoseconds(std::llround(negative ? -total : total));
}

Lifetime Lifetime::Of(std::string_view duration) {
  if (duration == "always") return {Kind::kAlways};
  if (duration == "until restart") return {Kind::kUntilRestart};
  if (duration == "once") return {Kind::kOnce};
  if (const auto length = ParseGoDuration(duration)) return {Kind::kFor, *length};
  return {Kind::kNotKnown};
}

std::optional<BootTime> Lifetime::EndOf(BootTime loaded) const {
  if (kind != Kind::kFor) return std::nullopt;
  // The clock starts near 0, so that only the longest durations would not fit.
  const auto room = BootTime::max() - loaded;
  return loaded + std::min<std::chrono::nanoseconds>(length, room);
}

}  // namespace procwall
