// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_counts.h"

#include <algorithm>

namespace procwall {
namespace {

std::int64_t SecondOf(TopTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::size_t SlotOf(std::int64_t second) {
  const auto slots = static_cast<std::int64_t>(RecentCount::kSeconds);
  return static_cast<std::size_t>(((second % slots) + slots) % slots);
}

}  // namespace

void RecentCount::Add(TopTime when) {
  const std::int64_t second = SecondOf(when);
  const auto slots = static_cast<std::int64_t>(kSeconds);
  if (second <= newest_ - slots) return;
  // A clock that jumps costs one round at most.
  const std::int64_t first = std::max(newest_ + 1, second - slots + 1);
  for (std::int64_t empty = first; empty <= second; ++empty) counts_[SlotOf(empty)] = 0;
  newest_ = std::max(newest_, second);
  ++counts_[SlotOf(second)];
}

double RecentCount::PerSecond(TopTime now) const {
  const auto slots = static_cast<std::int64_t>(kSeconds);
  const std::int64_t first = SecondOf(now) - slots + 1;
  double sum = 0;
  for (std::int64_t second = std::max(first, newest_ - slots + 1); second <= newest_; ++second) {
    sum += counts_[SlotOf(second)];
  }
  return sum / static_cast<double>(kSeconds);
}

void TopCounts::Add(const TopCounts& other) {
  allowed += other.allowed;
  denied += other.denied;
  per_second += other.per_second;
  live += other.live;
  in_bytes = SumOfKnown(in_bytes, other.in_bytes);
  out_bytes = SumOfKnown(out_bytes, other.out_bytes);
  in_rate = SumOfKnown(in_rate, other.in_rate);
  out_rate = SumOfKnown(out_rate, other.out_rate);
  last = std::max(last, other.last);
}

}  // namespace procwall
