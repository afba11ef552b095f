// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// The real kernel's news of processes: from the proc connector where this test may hear it, and
// from perf events. They are only listened to.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "attribution/perf_events.h"
#include "attribution/proc_connector.h"

namespace procwall {
namespace {

constexpr std::chrono::seconds kPatience{5};

// Forks a process that executes another program and ends; its pid.
pid_t RunTrue() {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execl("/bin/true", "true", nullptr);
    ::_exit(127);
  }
  ::waitpid(pid, nullptr, 0);
  return pid;
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
  return RUN_ALL_TESTS();
}
