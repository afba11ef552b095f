// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/child_program.h"

#include <signal.h>

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/errc_of.h"

namespace procwall {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPlenty{60'000};  // never waited for
constexpr milliseconds kShort{50};       // waited for by programs that do not end

Result<ProgramOutput> Shell(const std::string& script, std::string_view input = "",
                            milliseconds limit = kPlenty) {
  return RunProgram({"/bin/sh", "-c", script}, input, limit);
}

class RunProgramTest : public testing::Test {
 protected:
  RunProgramTest() : before_(::signal(SIGPIPE, SIG_IGN)) {}  // as RunProgram requires
  ~RunProgramTest() override { ::signal(SIGPIPE, before_); }

 private:
  void (*before_)(int);
};

TEST_F(RunProgramTest, TellsExitCodeAndBothOutputs) {
  const auto ran = Shell("echo out; echo err >&2; exit 3");
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->exit_code, 3);
  EXPECT_EQ(ran->output, "out\nerr\n");
}

TEST_F(RunProgramTest, FeedsMoreThanAPipeHolds) {
  const std::string input(std::size_t{300} << 10, 'x');
  const auto ran = Shell("wc -c", input);
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->output, std::to_string(input.size()) + "\n");
}

TEST_F(RunProgramTest, AProgramThatDoesNotReadItsInputIsNoFailure) {
  const auto ran = Shell("exit 0", std::string(std::size_t{300} << 10, 'x'));
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->exit_code, 0);
}

TEST_F(RunProgramTest, LooksTheProgramUpInThePath) {
  const auto ran = RunProgram({"echo", "a b", ""}, "", kPlenty);
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->output, "a b \n");
}

TEST_F(RunProgramTest, FindsNoProgramOfThatName) {
  EXPECT_EQ(ErrcOf(RunProgram({"/nonexistent/program"}, "", kPlenty)), Errc::kNotFound);
}

TEST_F(RunProgramTest, ASignalThatEndsTheProgramShowsInItsExitCode) {
  const auto ran = Shell("kill -KILL $$");
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->exit_code, 128 + SIGKILL);
}

TEST_F(RunProgramTest, KeepsNoMoreOutputThanItsLimit) {
  const auto ran = Shell("yes | head -c 200001");
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->output.size(), kMaxProgramOutput);
}

TEST_F(RunProgramTest, KillsAProgramThatTakesTooLong) {
  EXPECT_EQ(ErrcOf(Shell("exec sleep 1000", "", kShort)), Errc::kTimedOut);
}

TEST_F(RunProgramTest, KillsAProgramThatClosedItsOutputAndTakesTooLong) {
  EXPECT_EQ(ErrcOf(Shell("exec sleep 1000 >&- 2>&-", "", kShort)), Errc::kTimedOut);
}

// A shell would clear the mask before we could see it.
TEST_F(RunProgramTest, WhatWeBlockCannotEndTheProgram) {
  sigset_t term;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, &term, &before);
  const auto ran = RunProgram({"grep", "SigBlk", "/proc/self/status"}, "", kPlenty);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->output, "SigBlk:\t0000000000004000\n");
}

TEST_F(RunProgramTest, TheProgramDoesNotBelongToOurTerminal) {
  const auto ran = Shell("ps -o pgid= -p $$ | tr -d ' '; echo $$");
  ASSERT_TRUE(ran);
  const std::string& ids = ran->output;
  const std::size_t half = ids.size() / 2;
  EXPECT_EQ(ids.substr(0, half), ids.substr(half)) << "its process group is not its own";
}

TEST_F(RunProgramTest, GivesTheProgramItsBrokenPipesBack) {
  const auto ran = Shell("kill -PIPE $$");
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->exit_code, 128 + SIGPIPE);
}

// A parent may have passed on that children end unnoticed: then nobody knows how they ended.
TEST_F(RunProgramTest, WithoutNewsOfItsEndAProgramHasNotSucceeded) {
  void (*const before)(int) = ::signal(SIGCHLD, SIG_IGN);
  const auto ran = Shell("exit 1");
  ::signal(SIGCHLD, before);
  EXPECT_EQ(ErrcOf(ran), Errc::kSystem);
}

}  // namespace
}  // namespace procwall
