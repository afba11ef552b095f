// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/prompt_thread.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace procwall {
namespace {

constexpr std::uint64_t kSliceNanoseconds = 100'000;  // the shortest that the kernel grants

// struct sched_attr of linux/sched/types.h, whose header not every C library's <sched.h> goes with.
struct SchedulingOf {
  std::uint32_t size;
  std::uint32_t policy;
  std::uint64_t flags;
  std::int32_t nice;
  std::uint32_t priority;
  std::uint64_t runtime;  // ns; of a SCHED_OTHER thread its slice, since Linux 6.12
  std::uint64_t deadline;
  std::uint64_t period;
};

}  // namespace

void BeginPromptThread(const char* name) {
  ::pthread_setname_np(::pthread_self(), name);
  constexpr int kThisThread = 0;
  SchedulingOf wanted{};
  wanted.size = sizeof(wanted);
  wanted.policy = SCHED_OTHER;
  wanted.nice = ::getpriority(PRIO_PROCESS, kThisThread);
  wanted.runtime = kSliceNanoseconds;
  (void)::syscall(SYS_sched_setattr, kThisThread, &wanted, 0U);
}

}  // namespace procwall
