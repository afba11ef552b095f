// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <linux/io_uring.h>

namespace procwall {

enum class RingThread {
  kNone,    // the call is made when it is submitted
  kWorker,  // by a worker thread of the kernel
  kPoller,  // by the kernel's polling thread: no system call of the program sends anything
};

// Does one operation by io_uring; what it returned, or minus errno when there is no io_uring.
int RunInRing(io_uring_sqe operation, RingThread thread);

}  // namespace procwall
