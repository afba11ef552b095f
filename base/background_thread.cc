// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/background_thread.h"

#include <pthread.h>
#include <sched.h>

namespace procwall {

void BeginBackgroundThread(const char* name) {
  ::pthread_setname_np(::pthread_self(), name);
  const sched_param parameters{};
  (void)::sched_setscheduler(0, SCHED_BATCH, &parameters);  // 0: this thread
}

}  // namespace procwall
