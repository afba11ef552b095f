// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/running_threads.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/fake_proc.h"

namespace procwall {
namespace {

constexpr Pid kProcess = 100;

class RunningThreads : public testing::Test {
 protected:
  void PutThread(Pid thread, char state) const {
    const std::filesystem::path folder = proc_.PathOf(kProcess) / "task" / std::to_string(thread);
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "stat") << FakeProc::StatText({.pid = thread, .state = state});
  }
  bool May() const { return MayHaveRunningThread(proc_.Open(), kProcess); }

  FakeProc proc_;
};

TEST_F(RunningThreads, OneThatSleepsHasNone) {
  proc_.Put({.pid = kProcess});
  PutThread(101, 'D');
  PutThread(102, 'Z');
  EXPECT_FALSE(May());
}

TEST_F(RunningThreads, AnyOfItsThreadsCounts) {
  proc_.Put({.pid = kProcess, .state = 'R'});
  EXPECT_TRUE(May());
  proc_.Put({.pid = kProcess});
  EXPECT_FALSE(May());
  PutThread(101, 'R');
  EXPECT_TRUE(May());
}

TEST_F(RunningThreads, OneThatIsGoneHasNone) {
  EXPECT_FALSE(May());
  proc_.Put({.pid = kProcess, .state = 'R'});
  std::filesystem::remove(proc_.PathOf(kProcess) / "task" / std::to_string(kProcess) / "stat");
  EXPECT_FALSE(May());
}

TEST_F(RunningThreads, OfMoreThanAreAskedNobodyKnows) {
  proc_.Put({.pid = kProcess});
  for (std::size_t i = 1; i < kMaxThreadsAsked; ++i) {
    PutThread(kProcess + static_cast<Pid>(i), 'S');
  }
  EXPECT_FALSE(May());
  PutThread(999, 'S');
  EXPECT_TRUE(May());
}

TEST_F(RunningThreads, WeRun) {
  const auto procfs = Procfs::Open();
  ASSERT_TRUE(procfs);
  EXPECT_TRUE(MayHaveRunningThread(*procfs, ::getpid()));
}

}  // namespace
}  // namespace procwall
