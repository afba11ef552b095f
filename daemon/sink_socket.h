// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "daemon/sink_target.h"

namespace procwall {

// A socket that is connected to the target, or (TCP) begins to be. Never waits: it does not block.
Result<UniqueFd> ConnectSink(const SinkTarget& target);

}  // namespace procwall
