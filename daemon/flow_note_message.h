// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "base/clock.h"
#include "daemon/flow.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// Flows and what becomes of them as our API tells it. `now` is for their ages.
v1::Flow ToMessage(const Flow& flow, WallTime now);
v1::FlowNote ToMessage(const FlowNote& note);

}  // namespace procwall
