// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace procwall {

// Of decisions and flows: the wall clock.
using TopTime = std::chrono::system_clock::time_point;

// How often something happened during the last ten seconds.
class RecentCount {
 public:
  static constexpr std::size_t kSeconds = 10;

  void Add(TopTime when);
  double PerSecond(TopTime now) const;

 private:
  std::array<std::uint32_t, kSeconds> counts_{};
  std::int64_t newest_ = 0;  // the second that was counted last
};

// What `procwall top` counts of a program, or of one of its other sides.
struct TopCounts {
  std::uint64_t allowed = 0;  // decisions
  std::uint64_t denied = 0;   // or rejected, or cut
  double per_second = 0;      // of both
  std::uint64_t live = 0;     // flows now
  // Of the flows that live; absent: nobody counts, or not twice yet.
  std::optional<std::uint64_t> in_bytes{};
  std::optional<std::uint64_t> out_bytes{};
  std::optional<double> in_rate{};  // a second
  std::optional<double> out_rate{};
  TopTime last{};  // when something was decided, or a flow was there

  void Add(const TopCounts& other);

  friend bool operator==(const TopCounts&, const TopCounts&) = default;
};

// The sum of what is known; absent: neither is.
template <typename T>
std::optional<T> SumOfKnown(const std::optional<T>& a, const std::optional<T>& b) {
  if (!a) return b;
  return b ? std::optional<T>(*a + *b) : a;
}

}  // namespace procwall
