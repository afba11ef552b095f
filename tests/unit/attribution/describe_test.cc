// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/describe.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/child_process.h"
#include "tests/support/fake_proc.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Result<Description> Describe(const FakeProc& proc, Pid pid) {
  return DescribeProcess(*proc.Open().OpenProcess(pid).value());
}

TEST(DescribeProcess, ReadsEverything) {
  FakeProc proc;
  proc.Put({.pid = 1, .parent = 0, .exe = "/not/here/init", .start_time = 1});
  proc.Put({.pid = 50, .parent = 1, .exe = "/not/here/bash", .start_time = 100});
  proc.Put({.pid = 77,
            .parent = 50,
            .uid = 1000,
            .exe = "/not/here/python3",
            .args = {"python3", "get.py"},
            .comm = "get",
            .cwd = "/tmp",
            .start_time = 200,
            .cgroup = "0::/lxc.payload.web/system.slice/get.service\n",
            .environment = {"SECRET=1"}});
  EXPECT_EQ(Describe(proc, 77).value().process,
            (Process{.id = {77, 200},
                     .parent_pid = 50,
                     .uid = 1000,
                     .path = "/not/here/python3",
                     .path_is_deleted = false,
                     .executable_state = ExecutableState::kForeign,
                     .script = "/tmp/get.py",
                     .container = "web",
                     .args = {"python3", "get.py"},
                     .working_directory = "/tmp",
                     .comm = "get",
                     .ancestors = {{50, "/not/here/bash"}, {1, "/not/here/init"}}}));
}

TEST(DescribeProcess, SaysThatTheProgramsFileWasDeleted) {
  FakeProc proc;
  proc.Put({.pid = 77, .exe = "/usr/bin/curl (deleted)"});
  const Process process = Describe(proc, 77).value().process;
  EXPECT_EQ(process.path, "/usr/bin/curl");
  EXPECT_TRUE(process.path_is_deleted);
}

TEST(DescribeProcess, LeavesAKernelThreadWithoutAPath) {
  FakeProc proc;
  proc.Put({.pid = 12, .parent = 2, .exe = "", .args = {}, .comm = "kworker/0:1", .cwd = ""});
  const Process process = Describe(proc, 12).value().process;
  EXPECT_EQ(process.path, "");
  EXPECT_THAT(process.args, IsEmpty());
  EXPECT_EQ(process.comm, "kworker/0:1");
}

TEST(DescribeProcess, CallsAProcessThatHasLetGoOfItsProgramGone) {
  FakeProc proc;
  proc.Put({.pid = 12, .exe = "", .is_leaving = true});
  const auto described = Describe(proc, 12);
  ASSERT_FALSE(described);
  EXPECT_EQ(described.error().code, Errc::kGone);
}

TEST(DescribeProcess, KeepsHostileTextsAsTheyAre) {
  FakeProc proc;
  proc.Put({.pid = 77, .args = {"a\nb", "\xff\xfe", ""}, .comm = "x) S 1 (\n", .cwd = "/a\nb"});
  const Process process = Describe(proc, 77).value().process;
  EXPECT_EQ(process.comm, "x) S 1 (\n");
  EXPECT_THAT(process.args, ElementsAre("a\nb", "\xff\xfe", ""));
  EXPECT_EQ(process.working_directory, "/a\nb");
}

TEST(DescribeProcess, CutsLongArguments) {
  FakeProc proc;
  proc.Put({.pid = 77, .args = {std::string(1 << 20, 'x')}});
  EXPECT_THAT(Describe(proc, 77).value().process.args, ElementsAre(SizeIs(kMaxCmdlineBytes)));
}

TEST(DescribeProcess, DoesNotTakeAYoungerProcessForAnAncestor) {
  FakeProc proc;
  proc.Put({.pid = 50, .parent = 1, .start_time = 300});
  proc.Put({.pid = 77, .parent = 50, .start_time = 200});
  EXPECT_THAT(Describe(proc, 77).value().process.ancestors, IsEmpty());
}

TEST(DescribeProcess, EndsTheAncestorsAtTheirLimit) {
  FakeProc proc;
  for (Pid pid = 2; pid < 100; ++pid) proc.Put({.pid = pid, .parent = pid - 1});
  EXPECT_THAT(Describe(proc, 99).value().process.ancestors, SizeIs(kMaxAncestors));
}

TEST(DescribeProcess, CallsAZombieGone) {
  FakeProc proc;
  proc.Put({.pid = 77, .state = 'Z'});
  EXPECT_EQ(Describe(proc, 77).error().code, Errc::kGone);
}

TEST(DescribeProcess, CallsAProcessThatVanishesMeanwhileGone) {
  for (const char* missing : {"stat", "status", "cmdline"}) {
    FakeProc proc;
    proc.Put({.pid = 77});
    std::filesystem::remove(proc.PathOf(77) / missing);
    EXPECT_EQ(Describe(proc, 77).error().code, Errc::kGone) << missing;
  }
}

TEST(DescribeProcess, GivesUpOnOneThatChangesAllTheTime) {
  FakeProc proc;
  proc.Put({.pid = 77, .start_stack = 1});
  // stat and task/77/stat never agree: as if it executed another program between any two reads.
  std::ofstream(proc.PathOf(77) / "stat") << FakeProc::StatText({.pid = 77, .start_stack = 2});
  EXPECT_EQ(Describe(proc, 77).error().code, Errc::kBusy);
}

TEST(DescribeProcess, DescribesThisTest) {
  const auto self = Procfs::Open().value().OpenProcess(::getpid()).value();
  const Description description = DescribeProcess(*self).value();
  EXPECT_EQ(description.stamp, self->Stamp().value());
  EXPECT_EQ(description.process.path, self->ExeLink().value());
  EXPECT_EQ(description.process.parent_pid, ::getppid());
  EXPECT_EQ(description.process.uid, ::geteuid());
  EXPECT_EQ(description.process.executable_state, ExecutableState::kSame);
  struct stat status {};
  ASSERT_EQ(::stat("/proc/self/exe", &status), 0);
  EXPECT_EQ(description.process.executable, (FileId{status.st_dev, status.st_ino}));
  EXPECT_FALSE(description.process.args.empty());
}

TEST(DescribeProcess, DescribesTheProgramThatAChildExecuted) {
  ChildProcess child;
  const auto process = Procfs::Open().value().OpenProcess(child.GetPid()).value();
  child.ExecuteCat();
  const Process described = DescribeProcess(*process).value().process;
  EXPECT_THAT(described.args, ElementsAre("cat"));
  EXPECT_EQ(described.ancestors.front().pid, ::getpid());
}

TEST(DescribeProcess, CallsADeadChildGone) {
  ChildProcess child;
  const auto process = Procfs::Open().value().OpenProcess(child.GetPid()).value();
  child.MakeZombie();
  EXPECT_EQ(DescribeProcess(*process).error().code, Errc::kGone);
  child.Kill();
  EXPECT_EQ(DescribeProcess(*process).error().code, Errc::kGone);
}

}  // namespace
}  // namespace procwall
