// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/conntrack_load.h"

#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr const char* kNames =
    "entries  clashres found new invalid ignore delete chainlength insert insert_failed drop "
    "early_drop icmp_error  expect_new expect_create expect_delete search_restart\n";

TEST(ParseConntrackStat, AddsUpTheProcessors) {
  const auto load =
      ParseConntrackStat(std::string(kNames) +
                         "0000001f  0 0 0 0 0 0 0 0 0 0000000a 00000001 0  0 0 0 0\n"
                         "0000001f  0 0 0 0 0 0 0 0 0 00000006 00000002 0  0 0 0 0\n");
  ASSERT_TRUE(load);
  EXPECT_EQ(*load, (ConntrackLoad{.entries = 31, .dropped = 16, .forgotten = 3}));
}

TEST(ParseConntrackStat, FindsColumnsByTheirNames) {
  const auto load = ParseConntrackStat("early_drop drop entries\n1 2 3\n");
  ASSERT_TRUE(load);
  EXPECT_EQ(*load, (ConntrackLoad{.entries = 3, .dropped = 2, .forgotten = 1}));
}

TEST(ParseConntrackStat, RefusesWhatHasNoSuchColumns) {
  for (const char* text : {"", "\n", "entries drop\n1 2\n", "1 2 3\n"}) {
    const auto load = ParseConntrackStat(text);
    ASSERT_FALSE(load) << text;
    EXPECT_EQ(load.error().code, Errc::kMalformed);
  }
}

TEST(ParseConntrackStat, TakesDamagedLinesForZeros) {
  const std::string whole = std::string(kNames) + "1f 0 0 0 0 0 0 0 0 0 a 1 0 0 0 0 0\n";
  for (std::size_t size = std::string(kNames).size(); size < whole.size(); ++size) {
    EXPECT_TRUE(ParseConntrackStat(whole.substr(0, size))) << size;
  }
  const auto load = ParseConntrackStat(std::string(kNames) + "zz zz\n\n   \nfffffffffffffffffff");
  ASSERT_TRUE(load);
  EXPECT_EQ(load->dropped, 0U);
}

}  // namespace
}  // namespace procwall
