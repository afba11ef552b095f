// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "daemon/event_log.h"
#include "daemon/flow.h"

namespace procwall {

// What became of flows while somebody listened.
using FlowLog = SequencedLog<FlowNote>;
extern template class SequencedLog<FlowNote>;

}  // namespace procwall
