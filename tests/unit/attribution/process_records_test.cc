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

constexpr BootTime kNow{1000s};
constexpr ProcessId kShell{50, 100};
constexpr ProcessId kCurl{77, 200};
constexpr FileId kBashFile{.device = 10, .inode = 1};
constexpr FileId kCurlFile{.device = 10, .inode = 2};

struct ProcessRecordsTest : testing::Test {
  void Apply(const ProcessEvent& event) { records.Apply(event, ExecutableState::kSame, kNow); }
  void FillShell() {
    Process shell{.id = kShell,
                  .parent_pid = 1,
                  .uid = 1000,
                  .path = "/bin/bash",
                  .executable = kBashFile,
                  .unit = "session-2.scope",
                  .args = {"bash"},
                  .working_directory = "/home/u",
                  .comm = "bash"};
    records.Fill(shell, kNow, kNow);
  }
  void ForkCurl() { Apply({.what = ProcessForked{kCurl, kShell}}); }
  static ProcessExecuted CurlExecuted() {
    return {.id = kCurl,
            .parent = kShell,
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
  EXPECT_EQ(*records.Find({.id = kCurl}), (Process{.id = kCurl,
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

TEST_F(ProcessRecordsTest, SayWhatTheKernelToldOfAnExecAtOnce) {
  FillShell();
  ForkCurl();
  Apply({.what = CurlExecuted()});
  EXPECT_EQ(*records.Find({.id = kCurl, .exec_number = 5, .executable = kCurlFile}),
            (Process{.id = kCurl,
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
  const std::uint64_t serial = records.Living(kCurl)->serial;
  EXPECT_THAT(records.TakeUndescribed(9),
              ElementsAre(UndescribedProgram{kCurl, serial, kCurlFile, "/usr/bin/curl"}));
  EXPECT_THAT(records.TakeUndescribed(9), IsEmpty());
}

TEST_F(ProcessRecordsTest, TakeARepeatedForkForWhatIsKnown) {
  FillShell();
  ForkCurl();
  Apply({.what = CurlExecuted()});
  ForkCurl();
  EXPECT_EQ(records.Find({.id = kCurl})->path, "/usr/bin/curl");
}

TEST_F(ProcessRecordsTest, TakeFromAnOldExecOnlyItsNumber) {
  Process curl{.id = kCurl, .path = "/usr/bin/curl", .executable = kCurlFile, .comm = "main"};
  records.Fill(curl, kNow, kNow);
  Apply({.time = kNow - 1s, .what = CurlExecuted()});
  EXPECT_EQ(records.Find({.id = kCurl, .exec_number = 5})->comm, "main");
  ProcessExecuted older = CurlExecuted();
  older.executable = kBashFile;
  older.exec_number = 4;
  Apply({.time = kNow - 2s, .what = older});
  EXPECT_EQ(records.Find({.id = kCurl, .exec_number = 4}), nullptr);
}

TEST_F(ProcessRecordsTest, ChangeTheUserOfOneProcessOnly) {
  FillShell();
  ForkCurl();
  Apply({.what = ProcessChangedUser{kCurl, 33}});
  EXPECT_EQ(records.Find({.id = kCurl})->uid, 33U);
  EXPECT_EQ(records.Find({.id = kShell})->uid, 1000U);
}

TEST_F(ProcessRecordsTest, ChangeTheUserOfOneThatWasAskedFor) {
  FillShell();
  EXPECT_EQ(records.Find({.id = kShell})->uid, 1000U);
  Apply({.what = ProcessChangedUser{kShell, 33}});
  EXPECT_EQ(records.Find({.id = kShell})->uid, 33U);
}

TEST_F(ProcessRecordsTest, CompleteAnExecWithWhatProcSays) {
  FillShell();
  ForkCurl();
  Apply({.what = CurlExecuted()});
  const auto wanted = records.TakeUndescribed(1).at(0);
  Process curl{.id = kCurl,
               .uid = 1000,
               .path = "/usr/bin/curl",
               .executable = kCurlFile,
               .executable_state = ExecutableState::kNamesake,
               .container = "web",
               .args = {"set by the process"},
               .working_directory = "/tmp",
               .ancestors = {{9, "/other"}}};
  EXPECT_TRUE(records.Complete(wanted, curl));
  const ProcessPtr found = records.Find({.id = kCurl});
  EXPECT_EQ(found->container, "web");
  EXPECT_EQ(found->working_directory, "/tmp");
  EXPECT_EQ(found->executable_state, ExecutableState::kNamesake);
  EXPECT_THAT(found->args, ElementsAre("curl", "-s"));
  EXPECT_THAT(found->ancestors, ElementsAre(Ancestor{50, "/bin/bash"}));
}

TEST_F(ProcessRecordsTest, CompleteTheChildrenToo) {
  FillShell();
  ForkCurl();
  Apply({.what = CurlExecuted()});
  const auto wanted = records.TakeUndescribed(1).at(0);
  const ProcessId child{78, 201};
  Apply({.what = ProcessForked{child, kCurl}});
  EXPECT_EQ(records.Find({.id = child})->container, "");
  Process curl{.id = kCurl, .path = "/x/curl", .executable = kCurlFile, .container = "web"};
  ASSERT_TRUE(records.Complete(wanted, curl));
  EXPECT_EQ(records.Find({.id = child})->container, "web");
  EXPECT_EQ(records.Find({.id = child})->ancestors.front().path, "/x/curl");
}

TEST_F(ProcessRecordsTest, AreNotCompletedByAnotherProgram) {
  FillShell();
  ForkCurl();
  Apply({.what = CurlExecuted()});
  const auto wanted = records.TakeUndescribed(1).at(0);
  EXPECT_FALSE(records.Complete(wanted, {.id = kCurl, .path = "/b", .executable = kBashFile}));
  EXPECT_FALSE(records.Complete(wanted, {.id = {77, 999}, .path = "/b", .executable = kCurlFile}));
  EXPECT_EQ(records.Find({.id = kCurl})->path, "/usr/bin/curl");
}

TEST_F(ProcessRecordsTest, AreCompletedByALookAtAllOfProcToo) {
  Apply({.what = CurlExecuted()});
  records.Fill({.id = kCurl, .path = "/usr/bin/curl", .executable = kCurlFile, .container = "web"},
               kNow + 1s, kNow + 1s);
  EXPECT_EQ(records.Find({.id = kCurl})->container, "web");
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
  Apply({.what = ProcessExited{kCurl, 0}});
  records.Judge(records.TakeUndescribed(1).at(0), ExecutableState::kNamesake);
  EXPECT_EQ(records.Find({.id = kCurl})->executable_state, ExecutableState::kNamesake);
}

TEST_F(ProcessRecordsTest, OfAnExecThatToldNothingWaitForProc) {
  FillShell();
  Apply({.what = ProcessExecuted{.id = {50, 0}}});  // the proc connector
  EXPECT_EQ(records.Find({.id = kShell}), nullptr);
  const auto wanted = records.TakeUndescribed(1).at(0);
  EXPECT_EQ(wanted.id, kShell);
  EXPECT_TRUE(records.Complete(wanted, {.id = kShell, .path = "/bin/dash"}));
  EXPECT_EQ(records.Find({.id = kShell})->path, "/bin/dash");
}

}  // namespace
}  // namespace procwall
