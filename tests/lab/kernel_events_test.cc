// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// The real kernel's news of processes: from the proc connector where this test may hear it, and
// from perf events. They are only listened to.
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "attribution/executed_file.h"
#include "attribution/perf_events.h"
#include "attribution/proc_connector.h"
#include "attribution/program_trace.h"
#include "base/unique_fd.h"
#include "tests/support/kernel_program.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

constexpr std::chrono::seconds kPatience{5};

// Forks a process that executes another program and ends; its pid.
pid_t RunProgram(const char* path) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execl(path, path, nullptr);
    ::_exit(127);
  }
  ::waitpid(pid, nullptr, 0);
  return pid;
}
pid_t RunTrue() { return RunProgram("/bin/true"); }

void WriteScript(const std::string& path, const char* text) {
  std::ofstream(path) << text;
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
}

Pid PidOf(const ProcessEvent& event) {
  if (const auto* forked = std::get_if<ProcessForked>(&event.what)) return forked->id.pid;
  if (const auto* executed = std::get_if<ProcessExecuted>(&event.what)) return executed->id.pid;
  if (const auto* exited = std::get_if<ProcessExited>(&event.what)) return exited->id.pid;
  return 0;
}

// What is told of `pid` until it has ended.
std::vector<ProcessEvent> NewsOf(ProcessEventSource& source, Pid pid, const Clock& clock) {
  std::vector<ProcessEvent> news;
  const BootTime deadline = clock.Now() + kPatience;
  const auto is_over = [&] {
    return !news.empty() && std::holds_alternative<ProcessExited>(news.back().what);
  };
  while (!is_over() && clock.Now() < deadline) {
    source.DrainEvents([&](ProcessEvent event) {
      if (PidOf(event) == pid) news.push_back(std::move(event));
    });
    std::this_thread::yield();
  }
  return news;
}

void ExpectALife(ProcessEventSource& source, const Clock& clock) {
  const BootTime before = clock.Now();
  const Pid pid = RunTrue();
  const BootTime after = clock.Now();
  const auto news = NewsOf(source, pid, clock);
  ASSERT_EQ(news.size(), 3U);
  ASSERT_TRUE(std::holds_alternative<ProcessForked>(news[0].what));
  EXPECT_EQ(std::get<ProcessForked>(news[0].what).parent.pid, ::getpid());
  EXPECT_TRUE(std::holds_alternative<ProcessExecuted>(news[1].what));
  EXPECT_TRUE(std::holds_alternative<ProcessExited>(news[2].what));
  EXPECT_TRUE(std::ranges::is_sorted(news, {}, &ProcessEvent::time));
  EXPECT_GE(news.front().time, before);
  EXPECT_LE(news.back().time, after);
}

TEST(ProcConnectorOfThisKernel, TellsOfAProcessFromForkToExit) {
  const SystemClock clock;
  auto connector = ProcConnector::Start(clock);
  if (!connector) GTEST_SKIP() << connector.error().ToString();
  ExpectALife(**connector, clock);
}

TEST(ProcConnectorOfThisKernel, TellsOfANewUser) {
  const SystemClock clock;
  auto connector = ProcConnector::Start(clock);
  if (!connector) GTEST_SKIP() << connector.error().ToString();
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(::setresuid(65534, 65534, 65534) == 0 ? 0 : 1);
  int status = 0;
  ::waitpid(pid, &status, 0);
  ASSERT_EQ(status, 0);
  bool told = false;
  (*connector)->DrainEvents([&](const ProcessEvent& event) {
    const auto* const changed = std::get_if<ProcessChangedUser>(&event.what);
    told = told || (changed != nullptr && changed->id.pid == pid && changed->uid == 65534);
  });
  EXPECT_TRUE(told);
}

TEST(PerfEventsOfThisKernel, TellOfAProcessFromForkToExit) {
  const SystemClock clock;
  auto perf = PerfEvents::Start(clock);
  if (!perf) GTEST_SKIP() << perf.error().ToString();
  ExpectALife(**perf, clock);
}

TEST(ProgramTraceOfThisKernel, KnowsWhatTheDeadExecuted) {
  const SystemClock clock;
  auto trace = KernelProgramTrace::Start(clock);
  if (!trace) GTEST_SKIP() << trace.error().ToString();
  const BootTime before = clock.Now();
  const Pid pid = RunTrue();
  const BootTime after = clock.Now();
  const std::vector<TracedProgram> programs = (*trace)->Recent(before);
  const TracedProgram* const program = FindExecuted(programs, pid, after);
  ASSERT_NE(program, nullptr);
  EXPECT_GE(program->executed, before);
  EXPECT_LE(program->executed, after);
  EXPECT_EQ(program->path, std::filesystem::canonical("/bin/true"));
  struct stat file {};
  ASSERT_EQ(::stat("/bin/true", &file), 0);
  EXPECT_EQ(program->executable.inode, file.st_ino);
}

TEST(ProgramTraceOfThisKernel, OfAScriptItIsTheInterpreter) {
  const SystemClock clock;
  auto trace = KernelProgramTrace::Start(clock);
  if (!trace) GTEST_SKIP() << trace.error().ToString();
  const TemporaryDirectory directory;
  const std::string script = directory / "script";
  WriteScript(script, "#!/bin/sh\nexit 0\n");
  const BootTime before = clock.Now();
  const Pid pid = RunProgram(script.c_str());
  const std::vector<TracedProgram> programs = (*trace)->Recent(before);
  const TracedProgram* const program = FindExecuted(programs, pid, clock.Now());
  ASSERT_NE(program, nullptr);
  EXPECT_EQ(program->path, std::filesystem::canonical("/bin/sh"));
}

TEST(ProgramTraceOfThisKernel, WhatWasOverwrittenIsNotGuessed) {
  const SystemClock clock;
  auto trace = KernelProgramTrace::Start(clock);
  if (!trace) GTEST_SKIP() << trace.error().ToString();
  const BootTime before = clock.Now();
  const Pid pid = RunTrue();
  const BootTime then = clock.Now();
  // Each mapping is a record of some 100 bytes, on whichever processor this runs.
  const UniqueFd file(::open("/bin/true", O_RDONLY | O_CLOEXEC));
  constexpr std::size_t kTooMany = KernelProgramTrace::kRingBytes / 32;
  constexpr std::size_t kPage = 4096;
  cpu_set_t all{};
  ASSERT_EQ(::sched_getaffinity(0, sizeof(all), &all), 0);
  for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (!CPU_ISSET(processor, &all)) continue;
    cpu_set_t one{};
    CPU_SET(processor, &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof(one), &one), 0);
    for (std::size_t i = 0; i < kTooMany; ++i) {
      void* const page =
          ::mmap(nullptr, kPage, PROT_READ | PROT_EXEC, MAP_PRIVATE, file.UnsafeFd(), 0);
      ASSERT_NE(page, MAP_FAILED);
      ::munmap(page, kPage);
    }
  }
  ::sched_setaffinity(0, sizeof(all), &all);
  EXPECT_EQ(FindExecuted((*trace)->Recent(before), pid, then), nullptr);
}

TEST(PerfEventsOfThisKernel, TellWhatWasLost) {
  const SystemClock clock;
  auto perf = PerfEvents::Start(clock);
  if (!perf) GTEST_SKIP() << perf.error().ToString();
  constexpr int kTooMany = 3000;  // of some 150 bytes: more than a ring holds
  for (int i = 0; i < kTooMany; ++i) {
    const pid_t pid = ::fork();
    if (pid == 0) ::_exit(0);
    ::waitpid(pid, nullptr, 0);
  }
  std::size_t heard = 0;
  bool lost = false;
  const auto drain = [&] {
    (*perf)->DrainEvents([&](const ProcessEvent& event) {
      lost = lost || std::holds_alternative<ProcessEventsLost>(event.what);
      heard += std::holds_alternative<ProcessForked>(event.what) ? 1U : 0U;
    });
  };
  drain();
  RunTrue();  // the kernel tells of a loss with the next record
  drain();
  EXPECT_TRUE(lost || heard >= kTooMany);
}

}  // namespace
}  // namespace procwall

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return procwall::RunKernelTests();
}
