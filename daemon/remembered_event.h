// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>

#include <tl/expected.hpp>

#include "daemon/event_log.h"
#include "daemon/explain_source.h"

namespace procwall {

// The decision of that number, 0 for the last one, if it is still remembered.
tl::expected<EventPtr, ExplainRefusal> RememberedEvent(const EventLog& events,
                                                       std::uint64_t sequence);

}  // namespace procwall
