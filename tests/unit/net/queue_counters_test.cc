// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/queue_counters.h"

#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr std::string_view kTable =
    "    0  12345     0 2  2048     0     0        0  1\n"
    "    7   4711    12 2  2048   340    56 4294967295  1\n";

TEST(ParseQueueCounters, FindsTheLineOfTheQueue) {
  EXPECT_EQ(ParseQueueCounters(kTable, 7), (QueueCounters{12, 340, 56, 4294967295}));
}

TEST(ParseQueueCounters, NeedsNoLineBreakAtTheEnd) {
  EXPECT_TRUE(ParseQueueCounters(kTable.substr(0, kTable.size() - 1), 7));
}

TEST(ParseQueueCounters, KnowsNothingOfOtherQueues) {
  EXPECT_EQ(ParseQueueCounters(kTable, 12345), std::nullopt);
  EXPECT_EQ(ParseQueueCounters("", 0), std::nullopt);
}

TEST(ParseQueueCounters, SkipsALineThatIsNoLine) {
  const std::string table = "    7  x\n\n7 7\n" + std::string(kTable);
  EXPECT_EQ(ParseQueueCounters(table, 7), (QueueCounters{12, 340, 56, 4294967295}));
}

TEST(ParseQueueCounters, SurvivesEveryCut) {
  const std::size_t second_line = kTable.find('\n') + 1;
  for (std::size_t size = 0; size < second_line; ++size) {
    EXPECT_EQ(ParseQueueCounters(kTable.substr(0, size), 7), std::nullopt) << size;
  }
}

TEST(ReadQueueCounters, FindsNoQueueThatNobodyOwns) {
  constexpr std::uint16_t kNobodys = 65535;
  const auto counters = ReadQueueCounters(kNobodys);
  ASSERT_FALSE(counters);
  EXPECT_EQ(counters.error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace procwall
