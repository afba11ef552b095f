// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <optional>

#include "attribution/process_event.h"
#include "base/clock.h"
#include "daemon/process_note.h"

namespace procwall {

// What the event alone tells; of a lost one, no process. Pure but for the clock, which says how far
// the wall's time is ahead.
ProcessNote NoteOf(const ProcessEvent& event, const Clock& clock);

// How long the process of the note had lived at `end`; nullopt: when it was made is not known.
std::optional<std::chrono::nanoseconds> LifetimeOf(const ProcessNote& note, BootTime end);

}  // namespace procwall
