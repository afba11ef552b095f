// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/process_watcher.h"

#include <sys/stat.h>

#include <deque>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_proc.h"

namespace procwall {
namespace {

// A kernel that tells what a test says, without waking anybody.
class FakeEvents final : public ProcessEventSource {
 public:
  void Tell(ProcessEvent event) {
    const std::lock_guard held(mutex_);
    events_.push_back(std::move(event));
  }
  int UnsafeEventFd() const override { return -1; }
  void DrainEvents(const std::function<void(ProcessEvent event)>& take) override {
    std::deque<ProcessEvent> events;
    {
      const std::lock_guard held(mutex_);
      events.swap(events_);
    }
    for (ProcessEvent& event : events) take(std::move(event));
  }

 private:
  std::mutex mutex_;
  std::deque<ProcessEvent> events_;
};

class ProcessWatcherTest : public testing::Test {
 protected:
  void Start() { watcher = ProcessWatcher::Start(&events, table, proc.Open(), clock).value(); }
  static ProgramOfProcess Wanted(Pid pid, std::uint64_t start_time) {
    return {.id = {pid, start_time}};
  }

  FakeClock clock;
  FakeProc proc;
  FakeEvents events;
  ProcessTable table{clock};
  std::unique_ptr<ProcessWatcher> watcher;
};

TEST_F(ProcessWatcherTest, KnowsWhoWasThereBefore) {
  proc.Put({.pid = 7, .exe = "/usr/bin/curl", .start_time = 5});
  Start();
  const ProcessPtr process = watcher->Resolve(Wanted(7, 5));
  ASSERT_TRUE(process);
  EXPECT_EQ(process->path, "/usr/bin/curl");
}

TEST_F(ProcessWatcherTest, NamesAChildThatNobodyCouldLookAt) {
  proc.Put({.pid = 7, .exe = "/usr/bin/curl", .start_time = 5});
  Start();
  ASSERT_TRUE(watcher->Resolve(Wanted(7, 5)));
  events.Tell({.time = clock.Now(), .what = ProcessForked{.id = {8, 6}, .parent = {7, 5}}});
  events.Tell({.time = clock.Now(), .what = ProcessExited{.id = {8, 6}}});
  const ProcessPtr child = watcher->Resolve(Wanted(8, 6));
  ASSERT_TRUE(child);
  EXPECT_EQ(child->path, "/usr/bin/curl");
  EXPECT_EQ(child->parent_pid, 7);
}

// What the test says was executed.
class FakeProgramTrace final : public ProgramTrace {
 public:
  std::vector<TracedProgram> programs{};
  std::vector<TracedProgram> Recent(BootTime /*since*/) override { return programs; }
};

TEST_F(ProcessWatcherTest, KnowsWhatTheDeadExecutedIfTheirPathLeadsToThatFile) {
  proc.Put({.pid = 7, .uid = 1000, .exe = "/usr/bin/sh", .start_time = 5});
  FakeProgramTrace trace;
  struct stat file {};
  ASSERT_EQ(::stat("/bin/true", &file), 0);
  const std::string path = std::filesystem::canonical("/bin/true");
  const FileId other{file.st_dev, file.st_ino + 1};
  trace.programs = {{8, clock.Now(), {file.st_dev, file.st_ino}, path},
                    {9, clock.Now(), other, path},
                    {10, clock.Now(), {}, ""}};
  watcher = ProcessWatcher::Start(&events, table, proc.Open(), clock, nullptr, &trace).value();
  ASSERT_TRUE(watcher->Resolve(Wanted(7, 5)));
  for (const Pid pid : {8, 9, 10}) {
    const ProcessId dead{pid, 0};
    events.Tell({.time = clock.Now(), .what = ProcessForked{.id = dead, .parent = {7, 0}}});
    events.Tell({.time = clock.Now(), .what = ProcessExecuted{.id = dead}});
    events.Tell({.time = clock.Now(), .what = ProcessExited{.id = dead}});
  }
  const ProcessPtr known = watcher->Resolve(Wanted(8, 0));
  ASSERT_TRUE(known);
  EXPECT_EQ(known->path, path);
  EXPECT_EQ(known->uid, 1000U);
  EXPECT_EQ(known->executable_state, ExecutableState::kSame);
  EXPECT_TRUE(known->only_program_is_known);
  EXPECT_EQ(watcher->Resolve(Wanted(9, 0)), nullptr);
  EXPECT_EQ(watcher->Resolve(Wanted(10, 0)), nullptr);
}

TEST_F(ProcessWatcherTest, KnowsWhoseNumberWasGivenLately) {
  Start();
  const BootTime before = clock.Now();
  clock.Advance(std::chrono::milliseconds(5));
  events.Tell({.time = clock.Now(), .what = ProcessForked{.id = {8, 0}, .parent = {7, 0}}});
  EXPECT_TRUE(watcher->MayHaveBeenMadeSince(8, before));
  EXPECT_FALSE(watcher->MayHaveBeenMadeSince(7, before));
  EXPECT_FALSE(watcher->MayHaveExecutedSince(8, before));
}

TEST_F(ProcessWatcherTest, DoesNotTakeTheNextProcessOfAPidForIt) {
  proc.Put({.pid = 7, .exe = "/usr/bin/curl", .start_time = 5});
  Start();
  EXPECT_EQ(watcher->Resolve(Wanted(7, 4)), nullptr);
}

TEST_F(ProcessWatcherTest, KnowsWhoExecutedAProgramLately) {
  Start();
  const BootTime before = clock.Now();
  clock.Advance(std::chrono::milliseconds(5));
  events.Tell({.time = clock.Now(), .what = ProcessExecuted{.id = {7, 0}}});
  EXPECT_TRUE(watcher->MayHaveExecutedSince(7, before));
  EXPECT_FALSE(watcher->MayHaveExecutedSince(8, before));
}

TEST_F(ProcessWatcherTest, DoesNotKnowWhoExecutedAProgramWhenNewsWereLost) {
  Start();
  const BootTime before = clock.Now();
  clock.Advance(std::chrono::milliseconds(5));
  events.Tell({.time = clock.Now(), .what = ProcessEventsLost{}});
  EXPECT_TRUE(watcher->MayHaveExecutedSince(8, before));
}

// A process of that number and program.
Process Running(Pid pid, std::uint64_t start_time, const char* path) {
  Process process;
  process.id = {pid, start_time};
  process.path = path;
  return process;
}

TEST_F(ProcessWatcherTest, KnowsTheRelativesThatRunOtherPrograms) {
  proc.Put({.pid = 7, .parent = 1, .exe = "/usr/bin/lender", .start_time = 5});
  Start();
  ASSERT_TRUE(watcher->Resolve(Wanted(7, 5)));
  const Process lender = Running(7, 5, "/usr/bin/lender");
  const BootTime now = clock.Now() + std::chrono::milliseconds(1);
  events.Tell({.time = now, .what = ProcessForked{.id = {8, 6}, .parent = {7, 5}}});
  EXPECT_EQ(watcher->OtherKin(lender, Kinship::kDescendants), std::vector<Pid>{});
  EXPECT_FALSE(watcher->HasOtherDescendants(lender));
  events.Tell({.time = now,
               .what = ProcessExecuted{.id = {8, 6}, .parent = {7, 5}, .path = "/usr/bin/helper"}});
  EXPECT_EQ(watcher->OtherKin(lender, Kinship::kDescendants), std::vector<Pid>{8});
  EXPECT_TRUE(watcher->HasOtherDescendants(lender));
  const Process helper = Running(8, 6, "/usr/bin/helper");
  EXPECT_EQ(watcher->OtherKin(helper, Kinship::kAll), std::vector<Pid>{7});
  EXPECT_EQ(watcher->OtherKin(helper, Kinship::kDescendants), std::vector<Pid>{});
  events.Tell({.time = now, .what = ProcessExited{.id = {8, 6}}});
  EXPECT_EQ(watcher->OtherKin(lender, Kinship::kDescendants), std::vector<Pid>{});
  EXPECT_FALSE(watcher->HasOtherDescendants(lender));
}

TEST_F(ProcessWatcherTest, KnowsThatTheParentOfAHolderEnded) {
  proc.Put({.pid = 7, .parent = 1, .exe = "/usr/bin/lender", .start_time = 5});
  Start();
  ASSERT_TRUE(watcher->Resolve(Wanted(7, 5)));
  const BootTime now = clock.Now() + std::chrono::milliseconds(1);
  events.Tell({.time = now, .what = ProcessForked{.id = {8, 6}, .parent = {7, 5}}});
  events.Tell({.time = now,
               .what = ProcessExecuted{.id = {8, 6}, .parent = {7, 5}, .path = "/usr/bin/helper"}});
  events.Tell({.time = now + std::chrono::milliseconds(5), .what = ProcessExited{.id = {7, 5}}});
  // As /proc describes it then: its parent is somebody else.
  const Process helper = Running(8, 6, "/usr/bin/helper");
  EXPECT_TRUE(watcher->MayKinHaveEndedSince(helper, Kinship::kAll, now));
  EXPECT_FALSE(watcher->MayKinHaveEndedSince(helper, Kinship::kDescendants, now));
  EXPECT_FALSE(
      watcher->MayKinHaveEndedSince(helper, Kinship::kAll, now + std::chrono::milliseconds(6)));
}

// The proc connector tells no path, and nobody looks at /proc for those that die at once.
TEST_F(ProcessWatcherTest, MindsChildrenOfWhichOnlyTheExecIsKnown) {
  proc.Put({.pid = 7, .parent = 1, .exe = "/usr/bin/lender", .start_time = 5});
  Start();
  ASSERT_TRUE(watcher->Resolve(Wanted(7, 5)));
  const Process lender = Running(7, 5, "/usr/bin/lender");
  const BootTime now = clock.Now() + std::chrono::milliseconds(1);
  for (const Pid child : {8, 9}) {
    events.Tell({.time = now, .what = ProcessForked{.id = {child, 0}, .parent = {7, 0}}});
  }
  events.Tell({.time = now, .what = ProcessExited{.id = {8, 0}}});
  EXPECT_FALSE(watcher->MayKinHaveEndedSince(lender, Kinship::kDescendants, now));
  events.Tell({.time = now, .what = ProcessExecuted{.id = {9, 0}}});
  events.Tell({.time = now, .what = ProcessExited{.id = {9, 0}}});
  EXPECT_TRUE(watcher->MayKinHaveEndedSince(lender, Kinship::kDescendants, now));
}

// /proc tells the start time later, of the program that runs then.
TEST_F(ProcessWatcherTest, MindsTheParentAlsoWhenTheStartTimeBecameKnown) {
  proc.Put({.pid = 7, .parent = 1, .exe = "/usr/bin/lender", .start_time = 5});
  Start();
  ASSERT_TRUE(watcher->Resolve(Wanted(7, 5)));
  const BootTime now = clock.Now() + std::chrono::milliseconds(1);
  events.Tell({.time = now, .what = ProcessForked{.id = {8, 0}, .parent = {7, 0}}});
  events.Tell({.time = now, .what = ProcessExecuted{.id = {8, 0}}});
  proc.Put({.pid = 8, .parent = 7, .exe = "/usr/bin/helper", .start_time = 6});
  ASSERT_TRUE(watcher->Resolve(Wanted(8, 6)));
  events.Tell({.time = now, .what = ProcessExited{.id = {7, 0}}});
  EXPECT_TRUE(watcher->MayKinHaveEndedSince(Running(8, 6, "/usr/bin/helper"), Kinship::kAll, now));
}

TEST_F(ProcessWatcherTest, DoesNotMindTheParentOfWhoExecutedNothing) {
  proc.Put({.pid = 7, .parent = 1, .exe = "/usr/bin/lender", .start_time = 5});
  Start();
  const BootTime now = clock.Now() + std::chrono::milliseconds(1);
  events.Tell({.time = now, .what = ProcessForked{.id = {8, 0}, .parent = {7, 0}}});
  events.Tell({.time = now, .what = ProcessExited{.id = {7, 0}}});
  EXPECT_FALSE(watcher->MayKinHaveEndedSince(Running(8, 6, "/usr/bin/lender"), Kinship::kAll, now));
}

TEST_F(ProcessWatcherTest, SuspectsNobodyWhereTheKernelTellsNothing) {
  watcher = ProcessWatcher::Start(nullptr, table, proc.Open(), clock).value();
  EXPECT_FALSE(watcher->MayHaveExecutedSince(7, clock.Now()));
}

std::vector<ProcessNote> NotesOf(const ProcessLog& log) {
  std::vector<ProcessNote> notes;
  std::uint64_t position = 1;
  while (const auto note = log.Next(position).event) notes.push_back(*note);
  return notes;
}

TEST_F(ProcessWatcherTest, NotesWhatProcessesDoForWhoeverListens) {
  const Wakeup wakeup = Wakeup::Create().value();
  ProcessLog log(wakeup);
  log.SetListening(true);
  proc.Put({.pid = 7, .exe = "/usr/bin/curl", .start_time = 5});
  watcher = ProcessWatcher::Start(&events, table, proc.Open(), clock, &log).value();
  // Before anybody looks at /proc: this clock stands still.
  const BootTime before = clock.Now() - std::chrono::seconds(1);
  events.Tell({.time = before, .what = ProcessExecuted{.id = {7, 0}}});
  events.Tell({.time = before, .what = ProcessExited{.id = {7, 0}, .status = 9}});
  EXPECT_TRUE(watcher->MayHaveExecutedSince(7, before));  // everything is applied
  const std::vector<ProcessNote> notes = NotesOf(log);
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[0].what, ProcessNote::What::kExecuted);
  ASSERT_TRUE(notes[0].process);
  EXPECT_EQ(notes[0].process->path, "/usr/bin/curl");
  EXPECT_EQ(notes[1].what, ProcessNote::What::kExited);
  EXPECT_EQ(notes[1].status, 9);
  EXPECT_TRUE(notes[1].lifetime);
  watcher.reset();
}

TEST_F(ProcessWatcherTest, NotesNothingWhileNobodyListens) {
  const Wakeup wakeup = Wakeup::Create().value();
  ProcessLog log(wakeup);
  watcher = ProcessWatcher::Start(&events, table, proc.Open(), clock, &log).value();
  events.Tell({.time = clock.Now(), .what = ProcessExecuted{.id = {7, 0}}});
  EXPECT_TRUE(watcher->MayHaveExecutedSince(7, clock.Now()));
  EXPECT_TRUE(NotesOf(log).empty());
  watcher.reset();
}

TEST_F(ProcessWatcherTest, LooksAtProcWhereTheKernelTellsNothing) {
  watcher = ProcessWatcher::Start(nullptr, table, proc.Open(), clock).value();
  proc.Put({.pid = 9, .exe = "/usr/bin/late", .start_time = 8});
  const ProcessPtr process = watcher->Resolve(Wanted(9, 8));
  ASSERT_TRUE(process);
  EXPECT_EQ(process->path, "/usr/bin/late");
}

}  // namespace
}  // namespace procwall
