// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/chronicle.h"

#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using testing::HasSubstr;

class ChronicleTest : public testing::Test {
 protected:
  ChronicleTest() { settings.journal.path = directory / "procwall/journal.db"; }

  void Start() {
    auto started = Chronicle::Start({settings, events, clock, counters, keeper, status});
    ASSERT_TRUE(started) << started.error();
    chronicle = *std::move(started);
  }

  TemporaryDirectory directory;
  Settings settings;
  FakeClock clock;
  Counters counters;
  const Wakeup wakeup = Wakeup::Create().value();
  EventLog events{wakeup};
  SharedRules rules{std::make_shared<const RuleSet>()};
  RuleKeeper keeper{directory.Path(), rules, clock};
  DaemonStatus status{settings, clock, counters, keeper, rules};
  std::unique_ptr<Chronicle> chronicle;
};

TEST_F(ChronicleTest, TellsStatusOfTheJournalAndTheSinks) {
  settings.sinks = {*ParseSinkTarget("file:" + directory / "events.jsonl")};
  Start();
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (status.Status().journal().path().empty() && std::chrono::steady_clock::now() < limit) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_THAT(status.Status().journal().path(), HasSubstr("procwall/journal.db"));
  ASSERT_EQ(status.Status().sinks_size(), 1);
  EXPECT_THAT(status.Status().sinks(0), HasSubstr("events.jsonl"));
}

TEST_F(ChronicleTest, GivesMetricsWithoutServingThem) {
  Start();
  EXPECT_THAT(chronicle->Metrics()(3), HasSubstr("procwall_watchers 3\n"));
  const auto server = chronicle->ServeMetrics([] { return 0U; });
  ASSERT_TRUE(server);
  EXPECT_EQ(*server, nullptr);
}

}  // namespace
}  // namespace procwall
