// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// What a record says after each kind of event; tests of ProcessTable have the rest.
#include "attribution/process_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr BootTime kFilledAt{1000s};
constexpr ProcessId kShellId{50, 100};
constexpr ProcessId kCurlId{77, 200};
constexpr FileId kBashFile{.device = 10, .inode = 1};
constexpr FileId kCurlFile{.device = 10, .inode = 2};

struct ProcessRecordsTest : testing::Test {
  void Apply(const ProcessEvent& event) { records.Apply(event, ExecutableState::kSame, kFilledAt); }
  void FillShell(BootTime at = kFilledAt) {
    Process shell{.id = kShellId,
                  .parent_pid = 1,
                  .uid = 1000,
                  .path = "/bin/bash",
                  .executable = kBashFile,
                  .unit = "session-2.scope",
                  .args = {"bash"},
                  .working_directory = "/home/u",
                  .comm = "bash"};
    records.Fill(shell, at, at);
  }
  void ForkCurl() { Apply({.what = ProcessForked{kCurlId, kShellId}}); }
  static ProcessExecuted CurlExecuted() {
    return {.id = kCurlId,
            .parent = kShellId,
            .exec_number = 5,
            .uid = 1000,
            .executable = kCurlFile,
            .path = "/usr/bin/curl",
            .args = {"curl", "-s"}};
  }

  ProcessRecords records{100, 1000000, 60s};
};

TEST_F(ProcessRecordsTest, GiveAChildWhatItsParentHas) {
  FillShell();
  ForkCurl();
  EXPECT_EQ(*records.Find({.id = kCurlId}), (Process{.id = kCurlId,
                                                     .parent_pid = 50,
                                                     .uid = 1000,
                                                     .path = "/bin/bash",
                                                     .executable = kBashFile,
                                                     .unit = "session-2.scope",
                                                     .args = {"bash"},
                                                     .working_directory = "/home/u",
                                                     .comm = "bash",
                                                     .ancestors = {{50, "/bin/bash"}}}));
}

// The packet thread asks: it copies nothing.
TEST_F(ProcessRecordsTest, KeepTheDescriptionOfAnExecAsItIsAskedFor) {
  FillShell();
  ForkCurl();
  Apply({.what = CurlExecuted()});
  const Program& curl = *records.Living(kCurlId);
  EXPECT_EQ(records.Find({.id = kCurlId}), curl.image->Share());
  const std::size_t bytes = records.Store().Bytes();
  records.Find({.id = kCurlId});
  EXPECT_EQ(records.Store().Bytes(), bytes);
}

TEST_F(ProcessRecordsTest, DescribeAnewOnceTheParentIsKnownBetter) {
  Apply({.what = ProcessForked{kShellId, {1, 1}}});
  ForkCurl();
  Apply({.what = CurlExecuted()});
  EXPECT_THAT(records.Find({.id = kCurlId})->ancestors, ElementsAre(Ancestor{50, ""}));
  FillShell(kFilledAt + 1s);
  EXPECT_THAT(records.Find({.id = kCurlId})->ancestors, ElementsAre(Ancestor{50, "/bin/bash"}));
  EXPECT_EQ(records.Find({.id = kCurlId}), records.Find({.id = kCurlId}));
}

TEST_F(ProcessRecordsTest, AChildIsNotDescribedAsItsParent) {
  FillShell();
  ForkCurl();
  const ProcessPtr shell = records.Find({.id = kShellId});
  const ProcessPtr child = records.Find({.id = kCurlId});
  EXPECT_EQ(shell->id, kShellId);
  EXPECT_EQ(child->id, kCurlId);
  EXPECT_EQ(records.Find({.id = kCurlId}), child);
}

TEST_F(ProcessRecordsTest, SayWhatTheKernelToldOfAnExecAtOnce) {
  FillShell();
  ForkCurl();
  Apply({.what = CurlExecuted()});
  EXPECT_EQ(*records.Find({.id = kCurlId, .exec_number = 5, .executable = kCurlFile}),
            (Process{.id = kCurlId,
                     .parent_pid = 50,
                     .uid = 1000,
                     .path = "/usr/bin/curl",
                     .executable = kCurlFile,
                     .executable_state = ExecutableState::kSame,
                     .unit = "session-2.scope",
                     .args = {"curl", "-s"},
                     .working_directory = "/home/u",
                     .comm = "curl",
                     .ancestors = {{50, "/bin/bash"}}}));
}

TEST_F(ProcessRecordsTest, WantALookAtProcAfterAnExecButNotAfterAFork) {
  FillShell();
  ForkCurl();
  EXPECT_THAT(records.TakeUndescribed(9), IsEmpty());
  Apply({.what = CurlExecuted()});
  const std::uint64_t serial = records.Living(kCurlId)->serial;
  EXPECT_THAT(records.TakeUndescribed(9),
              ElementsAre(UndescribedProgram{kCurlId, serial, kCurlFile, "/usr/bin/curl"}));
  EXPECT_THAT(records.TakeUndescribed(9), IsEmpty());
}

TEST_F(ProcessRecordsTest, TakeARepeatedForkForWhatIsKnown) {
  FillShell();
  ForkCurl();
  Apply({.what = CurlExecuted()});
  ForkCurl();
  EXPECT_EQ(records.Find({.id = kCurlId})->path, "/usr/bin/curl");
}

TEST_F(ProcessRecordsTest, TakeFromAnOldExecOnlyItsNumber) {
  Process curl{.id = kCurlId, .path = "/usr/bin/curl", .executable = kCurlFile, .comm = "main"};
  records.Fill(curl, kFilledAt, kFilledAt);
  Apply({.time = kFilledAt - 1s, .what = CurlExecuted()});
  EXPECT_EQ(records.Find({.id = kCurlId, .exec_number = 5})->comm, "main");
  ProcessExecuted older = CurlExecuted();
  older.executable = kBashFile;
  older.exec_number = 4;
  Apply({.time = kFilledAt - 2s, .what = older});
  EXPECT_EQ(records.Find({.id = kCurlId, .exec_number = 4}), nullptr);
}

TEST_F(ProcessRecordsTest, ChangeTheUserOfOneProcessOnly) {
  FillShell();
  ForkCurl();
  Apply({.what = ProcessChangedUser{kCurlId, 33}});
  EXPECT_EQ(records.Find({.id = kCurlId})->uid, 33U);
  EXPECT_EQ(records.Find({.id = kShellId})->uid, 1000U);
}

TEST_F(ProcessRecordsTest, ChangeTheUserOfOneThatWasAskedFor) {
  FillShell();
  EXPECT_EQ(records.Find({.id = kShellId})->uid, 1000U);
  Apply({.what = ProcessChangedUser{kShellId, 33}});
  EXPECT_EQ(records.Find({.id = kShellId})->uid, 33U);
}

TEST_F(ProcessRecordsTest, CompleteAnExecWithWhatProcSays) {
  FillShell();
  ForkCurl();
  Apply({.what = CurlExecuted()});
  const auto wanted = records.TakeUndescribed(1).at(0);
  Process curl{.id = kCurlId,
               .uid = 1000,
               .path = "/usr/bin/curl",
               .executable = kCurlFile,
               .executable_state = ExecutableState::kNamesake,
               .container = "web",
               .args = {"set by the process"},
               .working_directory = "/tmp",
               .ancestors = {{9, "/other"}}};
  EXPECT_TRUE(records.Complete(wanted, curl));
  const ProcessPtr found = records.Find({.id = kCurlId});
  EXPECT_EQ(found->container, "web");
  EXPECT_EQ(found->working_directory, "/tmp");
  EXPECT_EQ(found->executable_state, ExecutableState::kNamesake);
  EXPECT_THAT(found->args, ElementsAre("curl", "-s"));
  EXPECT_THAT(found->ancestors, ElementsAre(Ancestor{50, "/bin/bash"}));
}

TEST_F(ProcessRecordsTest, ProcDoesNotKnowThatItWasExecutedByADescriptor) {
  FillShell();
  ForkCurl();
  ProcessExecuted executed = CurlExecuted();
  executed.by_descriptor = true;
  Apply({.what = executed});
  EXPECT_TRUE(records.Find({.id = kCurlId})->executed_by_descriptor);
  const auto wanted = records.TakeUndescribed(1).at(0);
  ASSERT_TRUE(
      records.Complete(wanted, {.id = kCurlId, .path = "/usr/bin/curl", .executable = kCurlFile}));
  EXPECT_TRUE(records.Find({.id = kCurlId})->executed_by_descriptor);
  executed.by_descriptor = false;
  executed.exec_number += 1;
  Apply({.what = executed});
  EXPECT_FALSE(records.Find({.id = kCurlId})->executed_by_descriptor);
}

TEST_F(ProcessRecordsTest, WhatBecameOfAFileIsTakenOver) {
  FillShell();
  ForkCurl();
  Apply({.what = CurlExecuted()});
  const auto state = [this] { return records.Find({.id = kCurlId})->executable_state; };
  ASSERT_EQ(state(), ExecutableState::kSame);
  Executable now{.path = "/usr/bin/curl",
                 .deleted = true,
                 .file = kCurlFile,
                 .state = ExecutableState::kReplaced,
                 .mount_namespace = 0};
  records.TakeFile(kCurlId, now);
  EXPECT_EQ(state(), ExecutableState::kReplaced);
  EXPECT_TRUE(records.Find({.id = kCurlId})->path_is_deleted);
  now.state = ExecutableState::kSame;
  now.path = "/usr/bin/old-curl";  // moved
  records.TakeFile(kCurlId, now);
  EXPECT_EQ(state(), ExecutableState::kReplaced);
  now.path = "/usr/bin/curl";
  now.file = kBashFile;  // another program by now, or another process
  records.TakeFile(kCurlId, now);
  EXPECT_EQ(state(), ExecutableState::kReplaced);
  now.file = kCurlFile;
  now.state = ExecutableState::kNamesake;  // rules would see another path
  records.TakeFile(kCurlId, now);
  EXPECT_EQ(state(), ExecutableState::kReplaced);
  now.state = ExecutableState::kDeleted;
  records.TakeFile(kCurlId, now);
  EXPECT_EQ(state(), ExecutableState::kDeleted);
}

TEST_F(ProcessRecordsTest, WhoeverExecutedAnotherProgramIsUsedOnce) {
  FillShell();
  records.Find({.id = kShellId});
  ProcessExecuted executed = CurlExecuted();
  executed.id = kShellId;
  Apply({.what = executed});
  records.Find({.id = kShellId});
  EXPECT_THAT(records.Used(), ElementsAre(kShellId));
}

TEST_F(ProcessRecordsTest, OnlyWhoeverWasAskedForAndLivesIsUsed) {
  EXPECT_THAT(records.Used(), IsEmpty());
  FillShell();
  EXPECT_THAT(records.Used(), IsEmpty());
  ASSERT_TRUE(records.Find({.id = kShellId}));
  ASSERT_TRUE(records.Find({.id = kShellId}));
  EXPECT_THAT(records.Used(), ElementsAre(kShellId));
  Apply({.what = ProcessExited{kShellId, 0}});
  EXPECT_THAT(records.Used(), IsEmpty());
}

TEST_F(ProcessRecordsTest, CompleteTheChildrenToo) {
  FillShell();
  ForkCurl();
  Apply({.what = CurlExecuted()});
  const auto wanted = records.TakeUndescribed(1).at(0);
  const ProcessId child{78, 201};
  Apply({.what = ProcessForked{child, kCurlId}});
  EXPECT_EQ(records.Find({.id = child})->container, "");
  Process curl{.id = kCurlId, .path = "/x/curl", .executable = kCurlFile, .container = "web"};
  ASSERT_TRUE(records.Complete(wanted, curl));
  EXPECT_EQ(records.Find({.id = child})->container, "web");
  EXPECT_EQ(records.Find({.id = child})->ancestors.front().path, "/x/curl");
}

TEST_F(ProcessRecordsTest, AreNotCompletedByAnotherProgram) {
  FillShell();
  ForkCurl();
  Apply({.what = CurlExecuted()});
  const auto wanted = records.TakeUndescribed(1).at(0);
  EXPECT_FALSE(records.Complete(wanted, {.id = kCurlId, .path = "/b", .executable = kBashFile}));
  EXPECT_FALSE(records.Complete(wanted, {.id = {77, 999}, .path = "/b", .executable = kCurlFile}));
  EXPECT_EQ(records.Find({.id = kCurlId})->path, "/usr/bin/curl");
}

TEST_F(ProcessRecordsTest, AreCompletedByALookAtAllOfProcToo) {
  Apply({.what = CurlExecuted()});
  records.Fill(
      {.id = kCurlId, .path = "/usr/bin/curl", .executable = kCurlFile, .container = "web"},
      kFilledAt + 1s, kFilledAt + 1s);
  EXPECT_EQ(records.Find({.id = kCurlId})->container, "web");
}

TEST_F(ProcessRecordsTest, LeaveOutProcessesOfAnotherPidNamespace) {
  Apply({.what = ProcessForked{{0, 100}, {0, 50}}});
  Apply({.what = ProcessExecuted{.id = {0, 100}, .path = "/bin/x"}});
  Apply({.what = ProcessExited{{0, 100}, 0}});
  EXPECT_TRUE(records.Store().Living().empty());
}

TEST_F(ProcessRecordsTest, JudgeTheFileOfADeadProcess) {
  FillShell();
  ForkCurl();
  Apply({.what = CurlExecuted()});
  Apply({.what = ProcessExited{kCurlId, 0}});
  records.Judge(records.TakeUndescribed(1).at(0), ExecutableState::kNamesake);
  EXPECT_EQ(records.Find({.id = kCurlId})->executable_state, ExecutableState::kNamesake);
}

TEST_F(ProcessRecordsTest, OfAnExecThatToldNothingWaitForProc) {
  FillShell();
  Apply({.what = ProcessExecuted{.id = {50, 0}}});  // the proc connector
  EXPECT_EQ(records.Find({.id = kShellId}), nullptr);
  const auto wanted = records.TakeUndescribed(1).at(0);
  EXPECT_EQ(wanted.id, kShellId);
  EXPECT_TRUE(records.Complete(wanted, {.id = kShellId, .path = "/bin/dash"}));
  EXPECT_EQ(records.Find({.id = kShellId})->path, "/bin/dash");
}

}  // namespace
}  // namespace procwall
