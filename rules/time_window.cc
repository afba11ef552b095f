// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/time_window.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>
#include <chrono>
#include <ctime>
#include <optional>

#include <fmt/format.h>

#include "base/printable.h"
#include "rules/text.h"

namespace procwall {
namespace {

constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
using Days = std::bitset<7>;

std::string_view WithoutSpaces(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// The part before the first `separator`, which is taken off `rest` together with it.
std::string_view TakePart(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return WithoutSpaces(part);
}

std::optional<std::size_t> ParseDay(std::string_view text) {
  const std::string folded = Folded(text);
  const auto* const found = std::find(kDays.begin(), kDays.end(), folded);
  if (found == kDays.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kDays.begin());
}

// "Mon", "Mon-Fri", "Sat-Mon", "Mon,Wed,Fri-Sun".
std::optional<Days> ParseDays(std::string_view text) {
  Days days;
  while (!text.empty()) {
    const std::string_view range = TakePart(text, ',');
    const std::size_t dash = std::min(range.find('-'), range.size());
    const auto first = ParseDay(WithoutSpaces(range.substr(0, dash)));
    const auto last =
        dash == range.size() ? first : ParseDay(WithoutSpaces(range.substr(dash + 1)));
    if (!first || !last) return std::nullopt;
    for (std::size_t day = *first;; day = (day + 1) % kDays.size()) {
      days.set(day);
      if (day == *last) break;
    }
  }
  return days;
}

// "08:00", "8:00", "24:00": minutes.
std::optional<int> ParseTimeOfDay(std::string_view text) {
  const auto number = [](std::string_view digits) -> std::optional<int> {
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool plain = error == std::errc() && end == digits.data() + digits.size() &&
                       digits.front() != '-' && digits.size() <= 2;
    return plain ? std::optional(value) : std::nullopt;
  };
  const auto hours = number(TakePart(text, ':'));
  const auto minutes = number(text);
  if (!hours || !minutes || *minutes > 59 || *hours * 60 + *minutes > kMinutesOfDay) {
    return std::nullopt;
  }
  return *hours * 60 + *minutes;
}

}  // namespace

WeekTime LocalWeekTime(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(
      std::chrono::time_point_cast<std::chrono::system_clock::duration>(time));
  std::tm local{};
  ::localtime_r(&seconds, &local);
  const int day = (local.tm_wday + 6) % 7;  // tm_wday counts from Sunday
  return {day * kMinutesOfDay + local.tm_hour * 60 + local.tm_min};
}

std::optional<WallTime> SomeMomentAt(std::string_view week_time) {
  const auto day = ParseDay(TakePart(week_time, ' '));
  const auto minutes = ParseTimeOfDay(WithoutSpaces(week_time));
  if (!day || !minutes || *minutes == kMinutesOfDay) return std::nullopt;
  // The week of Monday, 5 January 2026: clocks are changed in spring and autumn.
  std::tm local{};
  local.tm_year = 126;
  local.tm_mday = 5 + static_cast<int>(*day);
  local.tm_min = *minutes;
  local.tm_isdst = -1;
  return WallTime(std::chrono::seconds(std::mktime(&local)));
}

tl::expected<TimeWindows, std::string> TimeWindows::Parse(std::string_view text) {
  TimeWindows windows;
  do {
    const std::string_view window = TakePart(text, ';');
    // With a colon there are times, and the days end at the last blank before it.
    const std::size_t colon = window.find(':');
    const std::size_t blank = window.rfind(' ', colon);
    const std::size_t split = colon == std::string_view::npos   ? window.size()
                              : blank == std::string_view::npos ? 0
                                                                : blank;
    std::string_view times = WithoutSpaces(window.substr(split));
    const std::string_view day_text = WithoutSpaces(window.substr(0, split));
    const auto days = day_text.empty() ? std::optional(Days().set()) : ParseDays(day_text);
    std::optional<int> begin = 0;
    std::optional<int> end = kMinutesOfDay;
    if (!times.empty()) {
      begin = ParseTimeOfDay(TakePart(times, '-'));
      end = ParseTimeOfDay(WithoutSpaces(times));
    }
    if (window.empty() || !days || !begin || !end || begin == end) {
      return tl::unexpected(
          fmt::format(R"("{}" is no time like "Mon-Fri 08:00-18:00", "22:00-06:00" or "Sat,Sun")",
                      Printable(window)));
    }
    for (int day = 0; day < 7; ++day) {
      if (!days->test(static_cast<std::size_t>(day))) continue;
      const int midnight = day * kMinutesOfDay;
      const int length = *begin < *end ? *end - *begin : *end + kMinutesOfDay - *begin;
      windows.Add(midnight + *begin, midnight + *begin + length);
    }
  } while (!text.empty());
  windows.Merge();
  return windows;
}

void TimeWindows::Add(int begin, int end) {
  spans_.push_back({begin, std::min(end, kMinutesOfWeek)});
  if (end > kMinutesOfWeek) spans_.push_back({0, end - kMinutesOfWeek});  // into Monday
}

void TimeWindows::Merge() {
  std::sort(spans_.begin(), spans_.end(),
            [](const Span& a, const Span& b) { return a.begin < b.begin; });
  std::vector<Span> merged;
  for (const Span& span : spans_) {
    if (!merged.empty() && span.begin <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, span.end);
    } else {
      merged.push_back(span);
    }
  }
  spans_ = std::move(merged);
}

bool TimeWindows::Contain(WeekTime time) const {
  return std::any_of(spans_.begin(), spans_.end(), [&](const Span& span) {
    return span.begin <= time.minute && time.minute < span.end;
  });
}

}  // namespace procwall
