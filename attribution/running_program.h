// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "attribution/environment.h"
#include "attribution/procfs.h"
#include "base/unique_fd.h"

namespace procwall {

// The process, opened, if it lives and still runs the program that was described; else kGone.
Result<ProcessHandlePtr> OpenRunning(const Procfs& procfs, const Process& described);

// The file that it executes, to be read: that very file, whatever its path leads to now.
// kUnsupported: it lies where reading may wait for another machine or a user's program. Not for the
// packet thread.
Result<UniqueFd> OpenExecutable(const ProcessHandle& process, const Process& described);

// Those variables of its environment; reads at most kMaxEnvironmentBytes of it. Waits for its
// memory: not for the packet thread.
inline constexpr std::size_t kMaxEnvironmentBytes = std::size_t{256} << 10;
Result<Environment> ReadEnvironment(const ProcessHandle& process,
                                    const std::set<std::string>& names);

}  // namespace procwall
