// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/prompt_thread.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <thread>

#include <gtest/gtest.h>

namespace procwall {
namespace {

struct Scheduling {
  std::uint32_t size, policy;
  std::uint64_t flags;
  std::int32_t nice;
  std::uint32_t priority;
  std::uint64_t runtime, deadline, period;
};

Scheduling OfThisThread() {
  Scheduling now{};
  EXPECT_EQ(::syscall(SYS_sched_getattr, 0, &now, sizeof(now), 0U), 0);
  return now;
}

TEST(PromptThread, HasItsNameAndShortTurns) {
  const Scheduling before = OfThisThread();
  std::thread([&] {
    BeginPromptThread("process");
    std::array<char, 16> name{};
    ::pthread_getname_np(::pthread_self(), name.data(), name.size());
    EXPECT_STREQ(name.data(), "process");
    const Scheduling now = OfThisThread();
    EXPECT_EQ(now.policy, std::uint32_t{SCHED_OTHER});
    EXPECT_EQ(now.nice, before.nice);
    // Before Linux 6.12 no thread of this policy has turns of its own, and 0 is what is told.
    if (before.runtime != 0) {
      EXPECT_EQ(now.runtime, 100'000U);
    }
  }).join();
  EXPECT_EQ(OfThisThread().runtime, before.runtime);  // of this thread nothing was changed
}

}  // namespace
}  // namespace procwall
