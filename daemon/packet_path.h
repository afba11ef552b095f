// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

namespace procwall {

// Has the code that a packet's walk runs fetched into the processor's caches, all of it at once:
// when the packet thread has slept, other programs have had them, and function after function would
// be waited for. Where the linker has put that code together (cmake/packet_path.ld), else it does
// nothing. Some hundred nanoseconds if all is there already. Any thread.
void FetchPacketPath();

}  // namespace procwall
