// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string_view>
#include <vector>

#include "attribution/process.h"
#include "attribution/tier.h"
#include "base/result.h"

namespace procwall {

// What this kernel offers to process `daemon` (0: to this process), without its help and without
// changing anything: all tiers but the parts of the witness, which only the kernel that is asked to
// run them can tell. Looks at the network namespace we are in.
std::vector<Tier> ProbeTiers(Pid daemon);

// Pure parts of it. `status` and `uid_map` are those of a process in /proc.
std::vector<Tier> TiersOfPrivileges(std::string_view status, std::string_view uid_map);
Tier TierOfDestroy(const Status& destroyed);
// What /proc/net/connector says.
Tier TierOfConnector(const Status& opened, const Result<std::string>& connector);

}  // namespace procwall
