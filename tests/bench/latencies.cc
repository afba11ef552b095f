// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "tests/bench/latencies.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace procwall {

void Latencies::Add(const Latencies& other) {
  values_.insert(values_.end(), other.values_.begin(), other.values_.end());
  errors_ += other.errors_;
}

std::chrono::nanoseconds Latencies::Permille(unsigned permille) const {
  if (values_.empty()) return std::chrono::nanoseconds{0};
  const std::size_t rank = (values_.size() * permille + 999) / 1000;  // 1-based, rounded up
  const auto nth =
      values_.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(values_.begin(), nth, values_.end());
  return std::chrono::nanoseconds{*nth};
}

std::string Latencies::ToJson(std::chrono::nanoseconds elapsed) const {
  const double seconds = std::chrono::duration<double>(elapsed).count();
  const nlohmann::json json = {
      {"count", Count()},
      {"errors", Errors()},
      {"p50_ns", Permille(500).count()},
      {"p90_ns", Permille(900).count()},
      {"p99_ns", Permille(990).count()},
      {"p999_ns", Permille(999).count()},
      {"max_ns", Permille(1000).count()},
      {"seconds", seconds},
      {"rate", seconds > 0 ? static_cast<double>(Count()) / seconds : 0.0},
  };
  return json.dump();
}

}  // namespace procwall
