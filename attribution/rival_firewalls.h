// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "attribution/process.h"
#include "attribution/procfs.h"
#include "base/result.h"

namespace procwall {

// Another program that decides about the same packets.
struct RivalFirewall {
  Pid pid = 0;
  std::string name;  // one of those we know

  friend bool operator==(const RivalFirewall&, const RivalFirewall&) = default;
};

// Those that run, by pid. By the file they run, where we may see it, else by the name they give
// themselves.
Result<std::vector<RivalFirewall>> FindRivalFirewalls(const Procfs& procfs);

bool IsRivalFirewall(std::string_view program_name);

}  // namespace procwall
