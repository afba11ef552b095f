// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace procwall {

// How long each connection of a run took, exactly (no buckets), and how many failed.
// Thread rule: one thread only; each thread fills its own, then one adds them up.
class Latencies {
 public:
  void Reserve(std::size_t count) { values_.reserve(count); }
  void Add(std::chrono::nanoseconds latency) { values_.push_back(latency.count()); }
  void AddError() { ++errors_; }
  void Add(const Latencies& other);

  std::size_t Count() const { return values_.size(); }
  std::size_t Errors() const { return errors_; }
  // The smallest latency that at least `permille` of 1000 connections kept; 0 ns without any.
  std::chrono::nanoseconds Permille(unsigned permille) const;

  // One line of JSON: count, errors, p50_ns, p90_ns, p99_ns, p999_ns, max_ns, seconds, rate (count
  // per second of `elapsed`).
  std::string ToJson(std::chrono::nanoseconds elapsed) const;

 private:
  mutable std::vector<std::chrono::nanoseconds::rep> values_;  // reordered by Permille()
  std::size_t errors_ = 0;
};

}  // namespace procwall
