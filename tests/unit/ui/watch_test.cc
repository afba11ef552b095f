// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/watch.h"

#include <sstream>

#include <gtest/gtest.h>

#include "record/event_json.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/sample_event.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

class WatchTest : public testing::Test {
 protected:
  WatchTest() {
    daemon_->status.set_version("0.1.0");
    daemon_->status.set_mode("enforce");
    daemon_->status.set_default_action("deny");
    daemon_->after_script = FakeDaemon::AfterScript::kEnd;
  }

  ExitCode Run(const WatchOptions& options, const Terminal& terminal = {}) {
    return RunWatch(options, client_, {out_, err_, terminal});
  }
  ExitCode RunJson(std::uint64_t count) {
    WatchOptions options;
    options.form = OutputForm::kJson;
    options.count = count;
    return Run(options);
  }

  const TemporaryDirectory directory_;
  std::unique_ptr<FakeDaemon> daemon_ = std::make_unique<FakeDaemon>(directory_ / "procwall.sock");
  DaemonClient client_{daemon_->Address()};
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(WatchTest, PrintsOneJsonObjectALine) {
  daemon_->script = {Watched(SampleEvent()), Watched(SampleEvent())};
  EXPECT_EQ(RunJson(2), kSuccess);
  const std::string line = EventJson(SampleEvent(), 0) + "\n";
  EXPECT_EQ(out_.str(), line + line);
  EXPECT_EQ(err_.str(), "");
  EXPECT_EQ(daemon_->asked_recent, 0U);
}

TEST_F(WatchTest, AccountsForMissedDecisionsInTheNextObject) {
  daemon_->script = {Missed(2), Missed(1), Watched(SampleEvent())};
  EXPECT_EQ(RunJson(1), kSuccess);
  EXPECT_EQ(out_.str(), EventJson(SampleEvent(), 3) + "\n");
  EXPECT_EQ(err_.str(),
            "2 decisions missed: this reader was too slow\n"
            "1 decision missed: this reader was too slow\n");
}

TEST_F(WatchTest, CountsAnEventThatComesWithMissedOnes) {
  v1::WatchResponse response = Watched(SampleEvent());
  response.set_missed(4);
  daemon_->script = {response};
  EXPECT_EQ(RunJson(1), kSuccess);
  EXPECT_EQ(out_.str(), EventJson(SampleEvent(), 4) + "\n");
}

TEST_F(WatchTest, ShowsLinesAndMissedDecisionsOnATerminal) {
  daemon_->script = {Missed(3), Watched(SampleEvent())};
  WatchOptions options;
  options.count = 1;
  const Terminal terminal{true, 80, Colours::kOff};
  EXPECT_EQ(Run(options, terminal), kSuccess);
  const EventLines lines(terminal, ShowEvidence::kIfRoom);
  EXPECT_EQ(out_.str(), "procwalld 0.1.0: enforcing, without a rule: deny. Ctrl-C ends.\n" +
                            lines.Titles() + "3 decisions missed: this terminal was too slow\n" +
                            lines.Render(SampleEvent(), UtcOffsetAt(SampleEvent().time())));
  EXPECT_EQ(daemon_->asked_recent, kRecentOnTerminal);
}

TEST_F(WatchTest, SaysThatTheDaemonOnlyObserves) {
  daemon_->status.set_mode("observe");
  EXPECT_EQ(Run({}, {true, 80, Colours::kOff}), kFailed);
  EXPECT_TRUE(out_.str().starts_with("procwalld 0.1.0: observing, every packet passes"))
      << out_.str();
}

TEST_F(WatchTest, ShowsAndCountsOnlyWhatIsAskedFor) {
  v1::Event denied = SampleEvent();
  denied.set_action(v1::ACTION_DENY);
  daemon_->script = {Watched(SampleEvent()), Watched(denied), Watched(SampleEvent())};
  WatchOptions options;
  options.form = OutputForm::kJson;
  options.count = 1;
  options.filter.actions = {v1::ACTION_DENY};
  EXPECT_EQ(Run(options), kSuccess);
  EXPECT_EQ(out_.str(), EventJson(denied, 0) + "\n");
}

TEST_F(WatchTest, CountsWithinAMessageOfSeveralDecisions) {
  v1::WatchResponse response = Watched(SampleEvent());
  *response.add_events() = SampleEvent();
  *response.add_events() = SampleEvent();
  daemon_->script = {response};
  EXPECT_EQ(RunJson(2), kSuccess);
  EXPECT_EQ(out_.str(), EventJson(SampleEvent(), 0) + "\n" + EventJson(SampleEvent(), 0) + "\n");
}

TEST_F(WatchTest, TellsWhenTheDaemonGoesAway) {
  daemon_->script = {Watched(SampleEvent())};
  EXPECT_EQ(RunJson(0), kFailed);
  EXPECT_EQ(out_.str(), EventJson(SampleEvent(), 0) + "\n");
  EXPECT_EQ(err_.str(),
            "procwall: procwalld went away: the watch ended\n"
            "See what became of it: `procwall status`.\n");
}

TEST_F(WatchTest, SaysThatNoDaemonRuns) {
  daemon_.reset();
  EXPECT_EQ(RunJson(0), kFailed);
  EXPECT_EQ(out_.str(), "");
  EXPECT_TRUE(err_.str().starts_with("procwall: no daemon answers at ")) << err_.str();
}

TEST_F(WatchTest, KeepsTenThousandDecisionsInOrder) {
  std::string expected;
  v1::Event event = SampleEvent();
  for (std::uint64_t sequence = 1; sequence <= 10'000; ++sequence) {
    event.set_sequence(sequence);
    daemon_->script.push_back(Watched(event));
    expected += EventJson(event, 0) + "\n";
  }
  EXPECT_EQ(RunJson(10'000), kSuccess);
  EXPECT_TRUE(out_.str() == expected);  // not EXPECT_EQ: it would print megabytes
}

TEST_F(WatchTest, EndsWhenItsOutputCannotBeWritten) {
  daemon_->script.assign(3, Watched(SampleEvent()));
  daemon_->after_script = FakeDaemon::AfterScript::kHold;
  out_.setstate(std::ios::badbit);
  EXPECT_EQ(RunJson(0), kFailed);
}

}  // namespace
}  // namespace procwall
