// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/daemon_status.h"

#include <unistd.h>

#include <fstream>
#include <memory>

#include <gtest/gtest.h>

#include "daemon/version.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

class DaemonStatusTest : public testing::Test {
 protected:
  v1::StatusResponse Status() {
    return DaemonStatus(settings, clock, counters, keeper, rules).Status();
  }

  TemporaryDirectory directory;
  Settings settings;
  FakeClock clock;
  Counters counters;
  SharedRules rules{std::make_shared<const RuleSet>()};
  RuleKeeper keeper{directory.Path(), rules, clock};
};

TEST_F(DaemonStatusTest, TellsWhatTheDaemonIsAndRunsWith) {
  settings.rules_directory = "/r\n";
  settings.config_file = "/c";
  settings.mode = Mode::kObserve;
  settings.default_action = RuleAction::kReject;
  settings.queue_number = 5;
  const v1::StatusResponse status = Status();
  EXPECT_EQ(status.version(), kVersion);
  EXPECT_EQ(status.pid(), ::getpid());
  EXPECT_EQ(status.mode(), "observe");
  EXPECT_EQ(status.default_action(), "reject");
  EXPECT_EQ(status.rules_directory(), "/r\\x0a");
  EXPECT_EQ(status.config_file(), "/c");
  EXPECT_EQ(status.queue_number(), 5U);
  EXPECT_TRUE(status.queue_bypass());
  EXPECT_GT(status.resident_bytes(), 1'000'000U);
}

TEST_F(DaemonStatusTest, RemembersWhenItWasStarted) {
  const DaemonStatus status(settings, clock, counters, keeper, rules);
  const auto started = clock.WallNow().time_since_epoch();
  clock.Advance(std::chrono::hours(5));
  EXPECT_EQ(status.Status().started().seconds(),
            std::chrono::floor<std::chrono::seconds>(started).count());
}

TEST_F(DaemonStatusTest, TellsWhatIsKnownOnlyAfterTheStart) {
  DaemonStatus status(settings, clock, counters, keeper, rules);
  status.SetFirewall(FirewallKind::kNft);
  status.SetReceiveBufferBytes(4096);
  EXPECT_EQ(status.Status().firewall(), "nft");
  EXPECT_EQ(status.Status().receive_buffer_bytes(), 4096U);
}

TEST_F(DaemonStatusTest, TellsEveryCounter) {
  counters.packets.Set(1);
  counters.allowed.Set(2);
  counters.denied.Set(3);
  counters.rejected.Set(4);
  counters.parked.Set(5);
  counters.dns_answers.Set(6);
  counters.unparsable.Set(7);
  counters.unknown.Set(8);
  counters.lost_queue_full.Set(9);
  counters.lost_buffer_full.Set(10);
  counters.undecodable.Set(11);
  EXPECT_EQ(Status().counters().ShortDebugString(),
            "packets: 1 allowed: 2 denied: 3 rejected: 4 parked: 5 dns_answers: 6 unparsable: 7 "
            "unknown: 8 lost_queue_full: 9 lost_buffer_full: 10 undecodable: 11");
}

TEST_F(DaemonStatusTest, ListsWhatTheKeeperLists) {
  ASSERT_TRUE(keeper.Load());
  const DaemonStatus status(settings, clock, counters, keeper, rules);
  EXPECT_EQ(status.ListRules().directory(), directory.Path());
}

TEST_F(DaemonStatusTest, ListsHowOftenARuleWasUsed) {
  std::ofstream(directory / "a.json")
      << R"({"name": "a\n", "operator": {"type": "simple", "operand": "true"}})";
  ASSERT_TRUE(keeper.Load());
  const DaemonStatus status(settings, clock, counters, keeper, rules);
  EXPECT_TRUE(status.ListRules().counts_hits());
  EXPECT_FALSE(status.ListRules().rules(0).has_last_used());
  const WallTime at{std::chrono::seconds(7)};
  counters.rule_hits.Count("a\n", at);
  EXPECT_EQ(status.ListRules().rules(0).hits(), 1U);
  EXPECT_EQ(status.ListRules().rules(0).last_used().seconds(), 7);
}

TEST_F(DaemonStatusTest, TellsOfTheJournalTheSinksAndTheMetrics) {
  settings.metrics_address = "127.0.0.1:9477";
  DaemonStatus status(settings, clock, counters, keeper, rules);
  EXPECT_EQ(status.Status().metrics_address(), "127.0.0.1:9477");
  EXPECT_FALSE(status.Status().has_journal());
  status.SetJournal([] {
    v1::Journal journal;
    journal.set_entries(5);
    return journal;
  });
  status.SetSinks([] {
    return std::vector<SinkState>{{"syslog", 1, 0, ""}, {"file:/x", 0, 3, "No space"}};
  });
  EXPECT_EQ(status.Status().journal().entries(), 5U);
  ASSERT_EQ(status.Status().sinks_size(), 2);
  EXPECT_EQ(status.Status().sinks(0), "syslog");
  EXPECT_EQ(status.Status().sinks(1), "file:/x (No space)");
}

}  // namespace
}  // namespace procwall
