// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/background_thread.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

namespace procwall {
namespace {

constexpr int kNice = 5;  // a third of a share

}  // namespace

void BeginBackgroundThread(const char* name) {
  ::pthread_setname_np(::pthread_self(), name);
  const sched_param parameters{};
  (void)::sched_setscheduler(0, SCHED_BATCH, &parameters);  // 0: this thread
  (void)::setpriority(PRIO_PROCESS, 0, kNice);
}

}  // namespace procwall
