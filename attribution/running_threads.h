// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>

#include "attribution/process.h"
#include "attribution/procfs.h"

namespace procwall {

// Whether a thread of the process runs, or waits for a processor: it may have lost that on its way
// out of a system call. True for more threads than kMaxThreadsAsked, and where nobody tells; false
// for a process that is gone. Reads /proc/PID/task. Thread rule: any thread but the packet thread.
inline constexpr std::size_t kMaxThreadsAsked = 64;
bool MayHaveRunningThread(const Procfs& procfs, Pid pid);

}  // namespace procwall
