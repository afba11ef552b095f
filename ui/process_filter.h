// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// Which of what processes do is shown: what is empty is not asked for, and all that is asked for
// must hold. What was lost is always shown.
struct ProcessFilter {
  std::vector<v1::ProcessDeed> deeds = {v1::PROCESS_DEED_EXEC, v1::PROCESS_DEED_EXIT};
  std::string program;             // see IsProgram()
  std::vector<std::int32_t> pids;  // of the process, or of one that it descends from
  std::vector<std::uint32_t> uids;

  bool Matches(const v1::ProcessNote& note) const;
};

}  // namespace procwall
