// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/moment.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"

namespace procwall {
namespace {

using std::chrono::sys_seconds;

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool Take(std::string_view& text, std::string_view head) {
  if (!text.starts_with(head)) return false;
  text.remove_prefix(head.size());
  return true;
}

// As many digits as there are, at most nine.
std::optional<int> TakeNumber(std::string_view& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc{} || text.front() == '-' || digits > 9) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

// With exactly so many digits.
std::optional<int> TakeDigits(std::string_view& text, std::size_t count) {
  std::string_view digits = text.substr(0, count);
  if (digits.size() < count || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  text.remove_prefix(count);
  return TakeNumber(digits);
}

std::optional<std::chrono::seconds> UnitNamed(std::string_view word) {
  constexpr std::int64_t kDay = 86400;
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 20> kUnits = {
      {{"s", 1},
       {"sec", 1},
       {"second", 1},
       {"seconds", 1},
       {"m", 60},
       {"min", 60},
       {"minute", 60},
       {"minutes", 60},
       {"h", 3600},
       {"hour", 3600},
       {"hours", 3600},
       {"d", kDay},
       {"day", kDay},
       {"days", kDay},
       {"w", 7 * kDay},
       {"week", 7 * kDay},
       {"weeks", 7 * kDay},
       {"mo", 30 * kDay},
       {"month", 30 * kDay},
       {"months", 30 * kDay}}};
  for (const auto& [name, length] : kUnits) {
    if (word == name) return std::chrono::seconds(length);
  }
  return std::nullopt;
}

// "2h30m", "90 min".
std::optional<std::chrono::seconds> ParseSpan(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::chrono::seconds total{0};
  while (!text.empty()) {
    const auto number = TakeNumber(text);
    if (!number) return std::nullopt;
    text = Trimmed(text);
    const std::string_view word =
        text.substr(0, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz"));
    const auto unit = UnitNamed(word);
    if (!unit) return std::nullopt;
    total += *unit * *number;
    text = Trimmed(text.substr(word.size()));
  }
  return total;
}

std::tm LocalOf(sys_seconds time) {
  const std::time_t whole = time.time_since_epoch().count();
  std::tm local{};
  ::localtime_r(&whole, &local);
  return local;
}

// "14:00", "14:00:05"; nothing is midnight.
bool ReadClock(std::string_view text, std::tm& time) {
  time.tm_hour = time.tm_min = time.tm_sec = 0;
  if (text.empty()) return true;
  const auto hour = TakeDigits(text, 2);
  if (!hour || !Take(text, ":")) return false;
  const auto minute = TakeDigits(text, 2);
  const bool has_seconds = minute && Take(text, ":");
  const auto second = has_seconds ? TakeDigits(text, 2) : std::optional(0);
  if (!minute || !second || !text.empty()) return false;
  time.tm_hour = *hour;
  time.tm_min = *minute;
  time.tm_sec = *second;
  return *hour < 24 && *minute < 60 && *second < 61;
}

bool ReadDate(std::string_view& text, std::tm& time) {
  const auto year = TakeDigits(text, 4);
  if (!year || !Take(text, "-")) return false;
  const auto month = TakeDigits(text, 2);
  if (!month || !Take(text, "-")) return false;
  const auto day = TakeDigits(text, 2);
  if (!day) return false;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  time.tm_year = *year - 1900;
  time.tm_mon = *month - 1;
  time.tm_mday = *day;
  return date.ok();
}

std::optional<sys_seconds> ParsePoint(std::string_view text, sys_seconds now) {
  std::tm time = LocalOf(now);
  const bool is_utc = !text.empty() && (text.back() == 'z' || text.back() == 'Z');
  if (is_utc) text.remove_suffix(1);
  std::string_view rest = text;
  if (Take(rest, "yesterday")) {
    time.tm_mday -= 1;
  } else if (!Take(rest, "today") && text.find('-') != std::string_view::npos) {
    if (!ReadDate(rest, time)) return std::nullopt;
  } else if (rest.size() == text.size() && text.find(':') == std::string_view::npos) {
    return std::nullopt;  // neither a word, nor a date, nor a time of day
  }
  if (!rest.empty() && rest.size() < text.size()) {  // a time of day follows
    if ((rest.front() != ' ' && rest.front() != 't') || rest.size() == 1) return std::nullopt;
    rest.remove_prefix(1);
  }
  if (!ReadClock(rest, time)) return std::nullopt;
  time.tm_isdst = -1;
  return sys_seconds(std::chrono::seconds(is_utc ? ::timegm(&time) : std::mktime(&time)));
}

}  // namespace

tl::expected<sys_seconds, std::string> ParseMoment(std::string_view text, sys_seconds now) {
  std::string lower(Trimmed(text));
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  std::string_view rest = lower;
  if (rest == "now") return now;
  if (Take(rest, "@")) {
    std::int64_t since_1970 = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), since_1970);
    constexpr std::int64_t kMost = 253402300799;  // in the year 9999
    if (error == std::errc{} && end == rest.data() + rest.size() && since_1970 >= 0 &&
        since_1970 <= kMost) {
      return sys_seconds(std::chrono::seconds(since_1970));
    }
  }
  rest = lower;
  if (rest.ends_with(" ago")) rest.remove_suffix(4);
  if (const auto span = ParseSpan(Trimmed(rest))) return now - *span;
  if (const auto point = ParsePoint(lower, now)) return *point;
  return tl::unexpected(
      fmt::format("'{}' is no time: try 2h, \"3 days ago\", today, \"yesterday 18:30\", 14:00, "
                  "2026-11-20, \"2026-11-20 14:00\" or @1700000000",
                  TerminalSafe(text)));
}

}  // namespace procwall
