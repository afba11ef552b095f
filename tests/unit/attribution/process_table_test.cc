// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/process_table.h"

#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::SizeIs;

FileId FileOf(const std::string& path) {
  return {.device = 10, .inode = std::hash<std::string>{}(path)};
}

struct ProcessTableTest : testing::Test {
  void Fork(const ProcessId& id, const ProcessId& parent) {
    table.Apply({.what = ProcessForked{id, parent}});
  }
  void Execute(const ProcessId& id, const std::string& path, std::uint64_t number = 0) {
    table.Apply({.what = ProcessExecuted{
                     .id = id, .exec_number = number, .executable = FileOf(path), .path = path}});
  }
  void Exit(const ProcessId& id) { table.Apply({.what = ProcessExited{id, 0}}); }
  void Lose() { table.Apply({.what = ProcessEventsLost{}}); }
  void Fill(const ProcessId& id, const std::string& path, BootTime looked) {
    table.Fill({.id = id, .path = path, .executable = FileOf(path)}, looked);
  }
  std::string PathOf(const ProgramOfProcess& wanted) {
    const ProcessPtr found = table.Find(wanted);
    return found == nullptr ? "" : found->path;
  }

  FakeClock clock;
  ProcessTable table{clock};
  const ProcessId shell{50, 100};
  const ProcessId child{77, 200};
};

TEST_F(ProcessTableTest, KnowsNobodyAtFirst) {
  EXPECT_EQ(table.Find({.id = shell}), nullptr);
  EXPECT_EQ(table.Count(), ProcessTable::Counts{});
}

// An exec without its path, as perf events tell of it; what wants a description then.
UndescribedProgram ExecuteUntold(ProcessTable& table, const ProcessId& id) {
  table.Apply({.time = BootTime(1s), .what = ProcessExecuted{.id = id}});
  const auto untold = table.TakeUndescribed(100);
  return untold.empty() ? UndescribedProgram{} : untold.back();
}

TEST_F(ProcessTableTest, WhatTheDeadExecutedIsTheirsAndTheirChildrens) {
  Fill(shell, "/bin/bash", clock.Now());
  Fork(child, shell);
  const UndescribedProgram untold = ExecuteUntold(table, child);
  EXPECT_EQ(untold.executed, BootTime(1s));
  const ProcessId grandchild{78, 201};
  Fork(grandchild, child);
  Exit(child);
  Exit(grandchild);
  EXPECT_EQ(PathOf({.id = child}), "");
  EXPECT_EQ(PathOf({.id = grandchild}), "");
  table.TellExecuted(untold, "/usr/bin/curl", FileOf("/usr/bin/curl"));
  EXPECT_EQ(PathOf({.id = child}), "/usr/bin/curl");
  EXPECT_EQ(PathOf({.id = grandchild}), "/usr/bin/curl");
}

TEST_F(ProcessTableTest, AChildIsNotNamedByWhatItsParentExecutedLater) {
  Fill(shell, "/bin/bash", clock.Now());
  Fork(child, shell);
  ExecuteUntold(table, child);
  const ProcessId grandchild{78, 201};
  Fork(grandchild, child);
  const UndescribedProgram later = ExecuteUntold(table, child);
  table.TellExecuted(later, "/usr/bin/curl", FileOf("/usr/bin/curl"));
  EXPECT_EQ(PathOf({.id = child}), "/usr/bin/curl");
  EXPECT_EQ(PathOf({.id = grandchild}), "");
}

TEST_F(ProcessTableTest, AChildIsNotNamedByWhatProcSaysOfItsParentAfterItsBirth) {
  Fill(shell, "/bin/bash", clock.Now());
  Fork(child, shell);
  const UndescribedProgram untold = ExecuteUntold(table, child);
  const ProcessId grandchild{78, 201};
  Fork(grandchild, child);
  ASSERT_TRUE(table.Complete(untold, {.id = child, .path = "/usr/bin/next"}));
  EXPECT_EQ(PathOf({.id = child}), "/usr/bin/next");
  EXPECT_EQ(PathOf({.id = grandchild}), "");
}

TEST_F(ProcessTableTest, OfWhomNobodyKnowsTheUserTheProgramIsNotToldEither) {
  const UndescribedProgram untold = ExecuteUntold(table, child);
  table.TellExecuted(untold, "/usr/bin/curl", FileOf("/usr/bin/curl"));
  EXPECT_EQ(PathOf({.id = child}), "");
}

TEST_F(ProcessTableTest, KeepsTheDeadForAMinute) {
  Execute(shell, "/bin/bash");
  Exit(shell);
  clock.Advance(ProcessTable::kKeepDead);
  Exit({1, 1});
  EXPECT_EQ(PathOf({.id = shell}), "/bin/bash");
  clock.Advance(1s);
  Exit({1, 1});
  EXPECT_EQ(PathOf({.id = shell}), "");
}

TEST_F(ProcessTableTest, KeepsAProgramThatWasLeftByAnotherExec) {
  Execute(child, "/bin/bash", 4);
  Execute(child, "/bin/curl", 5);
  EXPECT_EQ(PathOf({.id = child}), "/bin/curl");
  EXPECT_EQ(PathOf({.id = child, .exec_number = 5}), "/bin/curl");
  EXPECT_EQ(PathOf({.id = child, .exec_number = 4}), "/bin/bash");
  EXPECT_EQ(PathOf({.id = child, .executable = FileOf("/bin/bash")}), "/bin/bash");
}

TEST_F(ProcessTableTest, RefusesAnotherProgramThanTheOneThatIsKnown) {
  Execute(child, "/bin/bash", 4);
  EXPECT_EQ(PathOf({.id = child, .exec_number = 5}), "");
  EXPECT_EQ(PathOf({.id = child, .executable = FileOf("/usr/bin/curl")}), "");
  EXPECT_EQ(PathOf({.id = child, .exec_number = 4, .executable = FileOf("/usr/bin/curl")}), "");
  EXPECT_EQ(PathOf({.id = {77, 201}}), "");
}

TEST_F(ProcessTableTest, NeedsTheFileWhereItDoesNotKnowTheNumber) {
  Fill(child, "/bin/bash", clock.Now());
  EXPECT_EQ(PathOf({.id = child, .exec_number = 4}), "");
  EXPECT_EQ(PathOf({.id = child, .exec_number = 4, .executable = FileOf("/bin/bash")}),
            "/bin/bash");
}

TEST_F(ProcessTableTest, FindsTheLatestOfAPidWhoseStartIsNotTold) {
  Execute(child, "/bin/bash");
  EXPECT_EQ(PathOf({.id = {77, 0}}), "/bin/bash");
}

TEST_F(ProcessTableTest, TellsProcessesOfOnePidApart) {
  Execute({77, 200}, "/bin/bash");
  Execute({77, 300}, "/bin/curl");  // the exit of the first was never told
  EXPECT_EQ(PathOf({.id = {77, 200}}), "/bin/bash");
  EXPECT_EQ(PathOf({.id = {77, 300}}), "/bin/curl");
}

TEST_F(ProcessTableTest, NamesADeadGrandparent) {
  Execute(shell, "/bin/bash");
  Fork({60, 150}, shell);
  Execute({60, 150}, "/usr/bin/make");
  Fork(child, {60, 150});
  Exit({60, 150});
  Exit(shell);
  clock.Advance(600s);
  Execute(child, "/usr/bin/curl");
  EXPECT_THAT(table.Find({.id = child})->ancestors,
              ElementsAre(Ancestor{60, "/usr/bin/make"}, Ancestor{50, "/bin/bash"}));
}

TEST_F(ProcessTableTest, NamesTheProgramThatAParentWasWhenItForked) {
  Execute(shell, "/bin/bash");
  Fork(child, shell);
  Execute(shell, "/usr/bin/sleep");
  EXPECT_THAT(table.Find({.id = child})->ancestors, ElementsAre(Ancestor{50, "/bin/bash"}));
}

TEST_F(ProcessTableTest, LearnsTheParentOfAChildThatWasFilledInFirst) {
  table.Fill({.id = child, .parent_pid = 50, .path = "/bin/curl"}, clock.Now());
  Fill(shell, "/bin/bash", clock.Now());
  EXPECT_THAT(table.Find({.id = child})->ancestors, ElementsAre(Ancestor{50, "/bin/bash"}));
}

TEST_F(ProcessTableTest, SaysNothingOfAnUnknownParentsChild) {
  Fork(child, shell);
  EXPECT_EQ(table.Find({.id = child}), nullptr);
  EXPECT_THAT(table.TakeUndescribed(9), SizeIs(1));
}

TEST_F(ProcessTableTest, DoubtsWhatItKnewWhenEventsWereLost) {
  Execute(shell, "/bin/bash", 4);
  clock.Advance(1s);
  Lose();
  EXPECT_EQ(PathOf({.id = shell}), "");
  EXPECT_EQ(PathOf({.id = shell, .exec_number = 4}), "/bin/bash");
  Fill(shell, "/bin/bash", clock.Now());
  EXPECT_EQ(PathOf({.id = shell}), "/bin/bash");
}

TEST_F(ProcessTableTest, LearnsOfALostExecFromProc) {
  Execute(shell, "/bin/bash", 4);
  clock.Advance(1s);
  Fill(shell, "/bin/curl", clock.Now());
  EXPECT_EQ(PathOf({.id = shell}), "/bin/curl");
  EXPECT_EQ(PathOf({.id = shell, .exec_number = 4}), "/bin/bash");
}

TEST_F(ProcessTableTest, BelievesEventsMoreThanAnOlderLookAtProc) {
  const BootTime looked = clock.Now();
  clock.Advance(1s);
  Execute(shell, "/bin/curl");
  Execute(child, "/bin/curl");
  Exit(child);
  Fill(shell, "/bin/bash", looked);
  Fill(child, "/bin/bash", looked);
  EXPECT_EQ(PathOf({.id = shell}), "/bin/curl");
  EXPECT_EQ(table.Count().living, 1U);
}

TEST_F(ProcessTableTest, EndsThoseThatProcDoesNotHave) {
  Execute(shell, "/bin/bash");
  Execute(child, "/bin/curl");
  clock.Advance(1s);
  const BootTime looked = clock.Now();
  Fill(shell, "/bin/bash", looked);
  clock.Advance(1s);
  Execute({99, 300}, "/bin/new");
  table.EndFill(looked);
  EXPECT_THAT(table.Living(), SizeIs(2));
  EXPECT_EQ(table.Count().past, 1U);
}

TEST_F(ProcessTableTest, EndsInANumber) {
  for (Pid pid = 1; pid <= 20000; ++pid) Execute({pid, 1}, "/bin/x");
  EXPECT_EQ(table.Count().living, ProcessTable::kMaxProcesses);
  EXPECT_EQ(PathOf({.id = {1, 1}}), "");
  EXPECT_EQ(PathOf({.id = {20000, 1}}), "/bin/x");
}

TEST_F(ProcessTableTest, EndsInASizeHoweverLongTheTexts) {
  for (Pid pid = 1; pid <= 2000; ++pid) {
    table.Apply({.what = ProcessExecuted{
                     .id = {pid, 1}, .path = "/bin/x", .args = {std::string(60000, 'x')}}});
  }
  EXPECT_LE(table.Count().text_bytes, ProcessTable::kMaxTextBytes);
}

TEST_F(ProcessTableTest, KeepsTheArgumentsOfAForkBombOnce) {
  table.Apply(
      {.what = ProcessExecuted{.id = shell, .path = "/bin/x", .args = {std::string(60000, 'x')}}});
  for (Pid pid = 1000; pid < 11000; ++pid) {
    Fork({pid, 300}, shell);
    EXPECT_NE(table.Find({.id = {pid, 300}}), nullptr);
  }
  EXPECT_TRUE(
      table.Find({.id = {1000, 300}})->args.SharesMemoryWith(table.Find({.id = shell})->args));
  EXPECT_TRUE(table.Find({.id = {1000, 300}})
                  ->ancestors.SharesMemoryWith(table.Find({.id = {1001, 300}})->ancestors));
  EXPECT_EQ(table.Count().living, 10001U);
  EXPECT_LT(table.Count().text_bytes, 10001 * 400U);
}

TEST_F(ProcessTableTest, AnswersWhileItLearns) {
  Execute(shell, "/bin/bash");
  std::thread learner([&] {
    for (Pid pid = 1000; pid < 3000; ++pid) Fork({pid, 300}, shell);
  });
  for (int i = 0; i < 2000; ++i) EXPECT_EQ(PathOf({.id = shell}), "/bin/bash");
  EXPECT_FALSE(table.Living().empty());
  learner.join();
}

}  // namespace
}  // namespace procwall
