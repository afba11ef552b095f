// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "tests/bench/latencies.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace procwall {
namespace {

using std::chrono::nanoseconds;

// 1, 2 ... count nanoseconds, largest first.
Latencies CountDown(int count) {
  Latencies latencies;
  for (int i = count; i > 0; --i) latencies.Add(nanoseconds{i});
  return latencies;
}

TEST(Latencies, PermilleIsTheSmallestThatSoManyKept) {
  const Latencies latencies = CountDown(1000);
  EXPECT_EQ(latencies.Permille(1), nanoseconds{1});
  EXPECT_EQ(latencies.Permille(500), nanoseconds{500});
  EXPECT_EQ(latencies.Permille(1000), nanoseconds{1000});
}

TEST(Latencies, PermilleOfFewRoundsUpToOneThatWasMeasured) {
  EXPECT_EQ(CountDown(3).Permille(500), nanoseconds{2});
  EXPECT_EQ(CountDown(3).Permille(990), nanoseconds{3});
}

TEST(Latencies, WithoutAnyPermilleIsZero) { EXPECT_EQ(Latencies{}.Permille(500), nanoseconds{0}); }

TEST(Latencies, AddingUpKeepsErrorsOfBoth) {
  Latencies sum = CountDown(2);
  sum.AddError();
  Latencies other = CountDown(3);
  other.AddError();
  sum.Add(other);
  EXPECT_EQ(sum.Count(), 5u);
  EXPECT_EQ(sum.Errors(), 2u);
}

TEST(Latencies, JsonHasTheRateOverTheElapsedTime) {
  const auto json = nlohmann::json::parse(CountDown(10).ToJson(std::chrono::seconds{2}));
  EXPECT_EQ(json, nlohmann::json({{"count", 10},
                                  {"errors", 0},
                                  {"p50_ns", 5},
                                  {"p90_ns", 9},
                                  {"p99_ns", 10},
                                  {"p999_ns", 10},
                                  {"max_ns", 10},
                                  {"seconds", 2.0},
                                  {"rate", 5.0}}));
}

}  // namespace
}  // namespace procwall
