// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <functional>

#include "base/worker.h"

namespace procwall {

// The thread "api-worker": answers what takes walks over /proc or dumps of the kernel's tables, one
// after the other, so that gRPC's threads are never kept and clients cannot have us walk at once as
// often as they like. Tasks that are never run are destroyed, and their PendingCall answers.
using ApiWorker = Worker<std::function<void()>>;

inline constexpr std::size_t kMostApiTasks = 16;

}  // namespace procwall
