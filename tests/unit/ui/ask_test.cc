// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/ask.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <sstream>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/unique_fd.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using testing::HasSubstr;

class AskTest : public testing::Test {
 protected:
  AskTest() {
    std::array<int, 2> fds{};
    EXPECT_EQ(::pipe2(fds.data(), O_CLOEXEC), 0);
    in = UniqueFd(fds[0]);
    person = UniqueFd(fds[1]);
    daemon.questions.emplace_back();
    daemon.questions.back().mutable_asked()->set_id(7);
    *daemon.questions.back().mutable_asked()->mutable_event() = SampleEvent();
  }
  ExitCode Run(OutputForm form) {
    return RunAsk({form}, client, {out, err, {}}, {in.UnsafeFd(), 1, false});
  }

  TemporaryDirectory directory;
  FakeDaemon daemon{directory / "api.sock"};
  DaemonClient client{daemon.Address()};
  UniqueFd in;
  UniqueFd person;
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(AskTest, WithoutATerminalItSaysWhatToDo) {
  EXPECT_EQ(Run(OutputForm::kText), kUsage);
  EXPECT_EQ(err.str(), "procwall: ask needs a terminal; for programs there is --json\n");
}

TEST_F(AskTest, OnADumbTerminalItSaysWhatToDo) {
  const Terminal dumb{.is_tty = true, .width = 80, .is_dumb = true};
  EXPECT_EQ(RunAsk({}, client, {out, err, dumb}, {in.UnsafeFd(), -1, true}), kUsage);
  EXPECT_EQ(err.str(),
            "procwall: ask moves the cursor, which this terminal (TERM=dumb) cannot; for programs "
            "there is --json\n");
}

TEST_F(AskTest, AnswersComeInAsLines) {
  const std::string answer = "{\"id\": 7, \"default\": true}\nnonsense\n";
  std::thread typist([&] {
    ASSERT_EQ(::write(person.UnsafeFd(), answer.data(), answer.size()),
              static_cast<ssize_t>(answer.size()));
    person.Reset();
  });
  EXPECT_EQ(Run(OutputForm::kJson), kSuccess);
  typist.join();
  EXPECT_EQ(daemon.Said(2).back().answer().id(), 7U);
  EXPECT_THAT(out.str(), HasSubstr(R"("type":"welcome")"));
  EXPECT_THAT(out.str(), HasSubstr(R"("type":"receipt")"));
  EXPECT_EQ(err.str(), "procwall: an answer is a JSON object\n");
}

TEST_F(AskTest, SaysWhenTheDaemonRefuses) {
  daemon.answer = {grpc::StatusCode::PERMISSION_DENIED, "not you"};
  EXPECT_EQ(Run(OutputForm::kJson), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("refuses: not you"));
}

TEST_F(AskTest, SaysWhenTheDaemonEndsIt) {
  daemon.after_script = FakeDaemon::AfterScript::kEnd;
  EXPECT_EQ(Run(OutputForm::kJson), kFailed);
  EXPECT_EQ(err.str(), "procwall: procwalld has ended the questions\n");
  EXPECT_THAT(out.str(), HasSubstr(R"("type":"question","id":7)"));
}

}  // namespace
}  // namespace procwall
