// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string_view>

namespace procwall {

// Does this text of /proc/PID/uid_map map every uid to itself? That is what the initial user
// namespace has.
bool IsIdentityUidMap(std::string_view uid_map);

// Do our uids mean what the initial user namespace means by them? Not in `unshare -r`. False, too,
// if it cannot be told.
bool HasInitialUids();

}  // namespace procwall
