// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "diagnosis/troubles.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/message_text.h"

namespace procwall {
namespace {

TEST(Troubles, AreNoneWhenAllIsWell) {
  EXPECT_EQ(Troubles(v1::StatusResponse()), std::vector<std::string>{});
}

TEST(Troubles, NameEveryKindOfLoss) {
  auto status = FromText<v1::StatusResponse>(R"(
    mode: "observe" refused_rule_files: 2
    counters { lost_queue_full: 1 lost_buffer_full: 1234 undecodable: 2 denied: 50 unknown: 20 })");
  EXPECT_EQ(Troubles(status),
            (std::vector<std::string>{
                "1 packet dropped: the kernel's queue was full (too many at once)",
                "1,234 packets dropped: the receive buffer was full (too many at once)",
                "2 queue messages made no sense; the packets were dropped",
                "2 rule files are refused: `procwall rules list` says why",
                "40.0 % of the decisions know no program: `procwall watch -e` says why",
                "observing: nothing is blocked, whatever the rules say"}));
}

TEST(Troubles, AreLostEntriesOfTheJournal) {
  EXPECT_EQ(Troubles(FromText<v1::StatusResponse>("journal { lost: 1 }")),
            std::vector<std::string>{
                "1 entry of the journal lost: too much at once, or the disk is full"});
}

TEST(Troubles, AreNotAFewLostNotesOfTheWitness) {
  EXPECT_EQ(Troubles(FromText<v1::StatusResponse>("witness { lost_sockets: 1 }")),
            std::vector<std::string>{});
  EXPECT_EQ(Troubles(FromText<v1::StatusResponse>("witness { lost_events: 30 lost_sockets: 70 }")),
            std::vector<std::string>{});
  EXPECT_EQ(Troubles(FromText<v1::StatusResponse>(
                "counters { allowed: 200000 denied: 2000 } witness { lost_sockets: 202 }")),
            std::vector<std::string>{});
}

TEST(Troubles, AreManyLostNotesOfTheWitness) {
  EXPECT_EQ(
      Troubles(FromText<v1::StatusResponse>("witness { lost_events: 30 lost_sockets: 71 }")),
      std::vector<std::string>{"101 notes of the kernel witness lost: too much happened at once"});
  EXPECT_EQ(
      Troubles(FromText<v1::StatusResponse>(
          "counters { allowed: 200000 denied: 2000 } witness { lost_sockets: 203 }")),
      std::vector<std::string>{"203 notes of the kernel witness lost: too much happened at once"});
}

TEST(Troubles, AreNotAFewUnknownPrograms) {
  EXPECT_EQ(Troubles(FromText<v1::StatusResponse>("counters { allowed: 12 unknown: 6 }")),
            std::vector<std::string>{});
}

}  // namespace
}  // namespace procwall
