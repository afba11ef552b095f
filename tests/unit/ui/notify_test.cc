// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/notify.h"

#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class FakeSink final : public NoticeSink {
 public:
  tl::expected<void, std::string> Show(const DesktopNotice& notice) override {
    shown.push_back(notice);
    if (!problem.empty()) return tl::unexpected(problem);
    return {};
  }
  std::vector<DesktopNotice> shown;
  std::string problem;
};

class NotifyTest : public testing::Test {
 protected:
  NotifyTest() {
    v1::Event denied = SampleEvent();
    denied.set_action(v1::ACTION_DENY);
    daemon.script = {Watched(SampleEvent()), Watched(denied)};
    daemon.after_script = FakeDaemon::AfterScript::kEnd;
  }
  ExitCode Run() { return RunNotifyTo(sink, {}, client, {out, err, {}}); }

  TemporaryDirectory directory;
  FakeDaemon daemon{directory / "api.sock"};
  DaemonClient client{daemon.Address()};
  FakeSink sink;
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(NotifyTest, ShowsWhatIsDeniedUntilTheDaemonEnds) {
  EXPECT_EQ(Run(), kFailed);
  ASSERT_THAT(sink.shown, SizeIs(1));
  EXPECT_EQ(sink.shown[0].summary, "Denied: curl");
  EXPECT_THAT(err.str(), HasSubstr("procwalld went away"));
}

TEST_F(NotifyTest, ShowsThatQuestionsWait) {
  daemon.script = {};
  daemon.status.mutable_counters()->set_questions(2);
  daemon.after_script = FakeDaemon::AfterScript::kHold;
  sink.problem = "the desktop is gone";  // which ends it
  EXPECT_EQ(Run(), kFailed);
  ASSERT_THAT(sink.shown, SizeIs(1));
  EXPECT_EQ(sink.shown[0].summary, "2 questions to answer");
  EXPECT_EQ(err.str(), "procwall: the desktop is gone\n");
}

TEST_F(NotifyTest, SaysThatNoDaemonAnswers) {
  daemon.answer = {grpc::StatusCode::PERMISSION_DENIED, "not you"};
  EXPECT_EQ(Run(), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("refuses: not you"));
}

}  // namespace
}  // namespace procwall
