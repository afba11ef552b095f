// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/daemon_client.h"

#include <future>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using Continue = DaemonClient::Continue;

Continue TakeAll(const v1::WatchResponse& /*response*/) { return Continue::kMore; }

class DaemonClientTest : public testing::Test {
 protected:
  DaemonClientTest() { Start(); }
  void Start() { daemon_ = std::make_unique<FakeDaemon>(path_); }

  const TemporaryDirectory directory_;
  const std::string path_ = directory_ / "procwall.sock";
  std::unique_ptr<FakeDaemon> daemon_;
  DaemonClient client_{"unix:" + path_};
};

TEST_F(DaemonClientTest, BringsTheStatus) {
  daemon_->status.set_version("0.1.0");
  const auto status = client_.Status();
  ASSERT_TRUE(status);
  EXPECT_EQ(status->version(), "0.1.0");
}

TEST_F(DaemonClientTest, BringsTheRules) {
  daemon_->rules.set_directory("/etc/procwall/rules");
  const auto rules = client_.ListRules();
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->directory(), "/etc/procwall/rules");
}

TEST_F(DaemonClientTest, ChangesRules) {
  v1::PutRuleRequest put;
  put.mutable_rule()->set_name("a");
  EXPECT_EQ(client_.PutRule(put)->rule().name(), "a");
  v1::SetRuleEnabledRequest enable;
  enable.set_name("b");
  EXPECT_TRUE(client_.SetRuleEnabled(enable));
  EXPECT_EQ(daemon_->switched_rule.name(), "b");
  v1::RemoveRuleRequest remove;
  remove.set_name("c");
  EXPECT_TRUE(client_.RemoveRule(remove));
  EXPECT_EQ(daemon_->removed_rule.name(), "c");
}

TEST_F(DaemonClientTest, SaysOfARefusedChangeWhatTheDaemonSays) {
  daemon_->change_answer = grpc::Status(grpc::StatusCode::ALREADY_EXISTS, "it is there already");
  EXPECT_EQ(client_.PutRule({}).error(), (DaemonError{"it is there already", ""}));
}

TEST_F(DaemonClientTest, SaysThatTheDaemonRefuses) {
  daemon_->answer = grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "uid 1000 may not ask");
  EXPECT_EQ(client_.Status().error(),
            (DaemonError{"procwalld at " + path_ + " refuses: uid 1000 may not ask",
                         "Ask as root: `sudo procwall ...`.", true}));
}

TEST_F(DaemonClientTest, WatchesUntilItHasEnough) {
  daemon_->script.assign(5, Watched(SampleEvent()));
  int events = 0;
  const auto error = client_.Watch(3, [&](const v1::WatchResponse& response) {
    events += response.events_size();
    return events == 2 ? Continue::kEnough : Continue::kMore;
  });
  EXPECT_EQ(error, std::nullopt);
  EXPECT_EQ(events, 2);
  EXPECT_EQ(daemon_->asked_recent, 3U);
}

TEST_F(DaemonClientTest, EndsAQuietWatchWhenCancelled) {
  std::promise<void> listening;
  std::thread canceller([&] {
    listening.get_future().wait();
    client_.Cancel();
  });
  const auto error = client_.Watch(0, [&](const v1::WatchResponse&) {
    listening.set_value();
    return Continue::kMore;
  });
  canceller.join();
  EXPECT_EQ(error, std::nullopt);
}

TEST_F(DaemonClientTest, DoesNotBeginAWatchThatWasCancelledBefore) {
  client_.Cancel();
  EXPECT_EQ(client_.Watch(0, TakeAll), std::nullopt);
}

TEST_F(DaemonClientTest, TellsADaemonThatDiesWhileWatched) {
  std::promise<void> listening;
  std::thread killer([&] {
    listening.get_future().wait();
    daemon_.reset();
  });
  const auto error = client_.Watch(0, [&](const v1::WatchResponse&) {
    listening.set_value();
    return Continue::kMore;
  });
  killer.join();
  EXPECT_EQ(error, (DaemonError{"procwalld went away: the watch ended",
                                "See what became of it: `procwall status`."}));
}

TEST_F(DaemonClientTest, TellsADaemonThatEndsTheWatch) {
  daemon_->after_script = FakeDaemon::AfterScript::kEnd;
  EXPECT_EQ(client_.Watch(0, TakeAll)->what, "procwalld went away: the watch ended");
}

TEST(DaemonClient, SaysThatNoDaemonRuns) {
  const TemporaryDirectory directory;
  const std::string path = directory / "none.sock";
  DaemonClient client("unix:" + path);
  const DaemonError expected{
      "no daemon answers at " + path + ": there is no such socket, so procwalld is not running",
      "Start it: `systemctl start procwall`, or `scripts/run` in the source tree.\nAnother socket: "
      "--address unix:PATH."};
  EXPECT_EQ(client.Status().error(), expected);
  EXPECT_EQ(client.ListRules().error(), expected);
  EXPECT_EQ(client.Watch(0, TakeAll), expected);
}

TEST(DaemonClient, RefusesAPathThatIsTooLong) {
  const std::string path = "/" + std::string(200, 'a');
  EXPECT_EQ(DaemonClient("unix:" + path).Status().error().what,
            "no daemon answers at " + path + ": this cannot be a socket's path (1 to 107 bytes)");
}

TEST(PrintDaemonError, PrintsNoControlCharacters) {
  std::ostringstream stream;
  PrintDaemonError({"refuses: \x1b[2J", "do this"}, stream);
  EXPECT_EQ(stream.str(), "procwall: refuses: \\x1b[2J\ndo this\n");
}

}  // namespace
}  // namespace procwall
