// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

namespace procwall {

// Names this thread (at most 15 characters), and lets it have its turn as soon as it is woken, for
// a tenth of a millisecond at a time: for short work that a packet will wait for if it is not done
// in time. It gets its share of the processor and no more. Kernels before 6.12 know nothing of it,
// and do as they did.
void BeginPromptThread(const char* name);

}  // namespace procwall
