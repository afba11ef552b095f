// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/program_history.h"

#include <chrono>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

using namespace std::chrono_literals;

class CountingTrace final : public ProgramTrace {
 public:
  std::vector<TracedProgram> programs{};
  BootTime since{};
  int readings = 0;

  std::vector<TracedProgram> Recent(BootTime its_since) override {
    since = its_since;
    ++readings;
    return programs;
  }
};

class ProgramHistoryTest : public testing::Test {
 protected:
  BootTime Executes(Pid pid, const char* path) {
    clock_.Advance(1ms);
    trace_.programs.push_back({pid, clock_.Now(), {1, 2}, path});
    return clock_.Now();
  }
  std::string Found(Pid pid, BootTime when) {
    const TracedProgram* const found = history_.Find(pid, when);
    return found == nullptr ? "" : found->path;
  }

  FakeClock clock_;
  CountingTrace trace_;
  ProgramHistory history_{trace_, clock_};
};

TEST_F(ProgramHistoryTest, ManyThatDiedTogetherAreFoundInOneReading) {
  const BootTime first = Executes(7, "/usr/bin/curl");
  const BootTime second = Executes(8, "/usr/bin/dig");
  clock_.Advance(1ms);
  EXPECT_EQ(Found(7, first), "/usr/bin/curl");
  EXPECT_LT(trace_.since, first);
  EXPECT_EQ(Found(8, second), "/usr/bin/dig");
  EXPECT_EQ(Found(9, second), "");
  EXPECT_EQ(trace_.readings, 1);
}

TEST_F(ProgramHistoryTest, WhatCameAfterAReadingIsReadAnew) {
  Executes(7, "/usr/bin/sh");
  clock_.Advance(1ms);
  EXPECT_EQ(Found(7, clock_.Now() - 1ms), "/usr/bin/sh");
  const BootTime later = Executes(7, "/usr/bin/curl");
  EXPECT_EQ(Found(7, later), "/usr/bin/curl");
  EXPECT_EQ(trace_.readings, 2);
}

TEST_F(ProgramHistoryTest, WhatCameBeforeAReadingBeginsIsReadAnew) {
  const BootTime early = Executes(7, "/usr/bin/sh");
  clock_.Advance(1s);
  const BootTime late = Executes(8, "/usr/bin/curl");
  clock_.Advance(1ms);
  EXPECT_EQ(Found(8, late), "/usr/bin/curl");
  EXPECT_EQ(Found(7, early), "/usr/bin/sh");
  EXPECT_EQ(trace_.readings, 2);
}

TEST_F(ProgramHistoryTest, AnExecWhosePathWasNotToldIsNotKnown) {
  const BootTime when = Executes(7, "");
  clock_.Advance(1ms);
  EXPECT_EQ(history_.Find(7, when), nullptr);
}

}  // namespace
}  // namespace procwall
