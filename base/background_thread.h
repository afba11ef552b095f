// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

namespace procwall {

// Names this thread (at most 15 characters), and lets it wait for its turn: when it is woken it
// does not interrupt those that are running, such as the packet thread or a program whose packet
// was just let through (sched(7), SCHED_BATCH). For work that nobody waits for. It gets its share
// of the processor all the same.
void BeginBackgroundThread(const char* name);

}  // namespace procwall
