// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/event_source.h"

#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/rules_world.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

class ReadEventsTest : public RulesWorld {
 protected:
  std::optional<std::vector<RecordedEvent>> From(const std::string& source, DaemonClient& client) {
    std::istringstream in(input_);
    return ReadEvents(source, client, {in, false}, err_);
  }
};

TEST_F(ReadEventsTest, ReadsLinesOfAFile) {
  Write("events", EventLine("allow", "a") + "\n" + EventLine("deny", "b"));
  DaemonClient client("unix:/nowhere");
  const auto events = From(directory_ / "events", client);
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 2U);
  EXPECT_EQ((*events)[1].rule, "b");
}

TEST_F(ReadEventsTest, AsksTheDaemonWhatItRemembers) {
  FakeDaemon daemon(directory_ / "s");
  daemon.script = {Watched(SampleEvent())};
  DaemonClient client(daemon.Address());
  const auto events = From("", client);
  ASSERT_TRUE(events) << err_.str();
  ASSERT_EQ(events->size(), 1U);
  EXPECT_EQ(events->front().sequence, 7U);
  EXPECT_EQ(events->front().situation.processes.at(0).path, "/usr/bin/curl");
  EXPECT_EQ(daemon.asked_recent, 4096U);
}

TEST_F(ReadEventsTest, SaysWhatItCannotRead) {
  DaemonClient client("unix:/nowhere");
  EXPECT_FALSE(From("/nowhere/at/all", client));
  EXPECT_EQ(err_.str(), "procwall: cannot read /nowhere/at/all\n");
  EXPECT_FALSE(From("", client));
}

}  // namespace
}  // namespace procwall
