// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/running_program.h"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "attribution/describe.h"
#include "tests/support/errc_of.h"
#include "tests/support/fake_proc.h"

namespace procwall {
namespace {

// This test is a process, too.
struct RunningProgramTest : testing::Test {
  Procfs procfs = Procfs::Open().value();
  Process ourselves = DescribeProcess(*procfs.OpenProcess(::getpid()).value()).value().process;
};

TEST_F(RunningProgramTest, OpensTheFileThatIsExecuted) {
  const auto process = OpenRunning(procfs, ourselves).value();
  const UniqueFd file = OpenExecutable(*process, ourselves).value();
  struct stat status {};
  ASSERT_EQ(::fstat(file.UnsafeFd(), &status), 0);
  EXPECT_EQ(ourselves.executable, (FileId{status.st_dev, status.st_ino}));
}

TEST_F(RunningProgramTest, AnotherProcessOfThatNumberIsNotIt) {
  ourselves.id.start_time += 1;
  EXPECT_EQ(ErrcOf(OpenRunning(procfs, ourselves)), Errc::kGone);
}

TEST_F(RunningProgramTest, AnotherProgramOfThatProcessIsNotIt) {
  const auto process = OpenRunning(procfs, ourselves).value();
  ourselves.executable.inode += 1;
  EXPECT_EQ(ErrcOf(OpenRunning(procfs, ourselves)), Errc::kGone);
  EXPECT_EQ(ErrcOf(OpenExecutable(*process, ourselves)), Errc::kGone);
}

TEST_F(RunningProgramTest, AFileOfAnUnknownMountIsNotOpened) {
  FakeProc proc;  // nobody can tell what is mounted there
  proc.Put({.pid = 77, .exe = "/proc/self/exe"});
  Process described = ourselves;
  described.id = {77, 5000};
  const auto process = OpenRunning(proc.Open(), described).value();
  EXPECT_FALSE(OpenExecutable(*process, described));
}

TEST_F(RunningProgramTest, ReadsVariablesOfTheEnvironment) {
  FakeProc proc;
  proc.Put({.pid = 77, .environment = {"A=1", "SECRET=x"}});
  const auto process = proc.Open().OpenProcess(77).value();
  EXPECT_EQ(ReadEnvironment(*process, {"A", "B"}).value(), (Environment{{"A=1"}, true}));
}

TEST_F(RunningProgramTest, ALongEnvironmentIsNotReadToItsEnd) {
  FakeProc proc;
  proc.Put({.pid = 77, .environment = {std::string(kMaxEnvironmentBytes, 'x'), "A=1"}});
  const auto process = proc.Open().OpenProcess(77).value();
  EXPECT_EQ(ReadEnvironment(*process, {"A"}).value(), (Environment{{}, false}));
}

}  // namespace
}  // namespace procwall
