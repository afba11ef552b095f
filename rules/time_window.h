// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.h"

namespace procwall {

// A moment of the week: minutes since Monday 00:00, less than kMinutesOfWeek.
struct WeekTime {
  int minute = 0;

  friend constexpr auto operator<=>(const WeekTime&, const WeekTime&) = default;
};
inline constexpr int kMinutesOfDay = 24 * 60;
inline constexpr int kMinutesOfWeek = 7 * kMinutesOfDay;

// In the time zone of this host (TZ, /etc/localtime), daylight saving included.
WeekTime LocalWeekTime(WallTime time);

// "Mon 22:30": some moment of which LocalWeekTime() says so. nullopt: it is no such text.
std::optional<WallTime> SomeMomentAt(std::string_view week_time);

// Times of the week, as people write them: "Mon-Fri 08:00-18:00", "22:00-06:00" (past midnight, it
// began the day before), "Sat,Sun" (all day), several joined by ";". The end is not part of it.
class TimeWindows {
 public:
  // The error says what was expected where.
  static tl::expected<TimeWindows, std::string> Parse(std::string_view text);

  bool Contain(WeekTime time) const;

 private:
  struct Span {  // within the week, begin < end
    int begin;
    int end;
  };
  void Add(int begin, int end);
  void Merge();

  std::vector<Span> spans_;  // sorted, apart from each other
};

}  // namespace procwall
