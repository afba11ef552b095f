// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// What a process did as one JSON object on one line, without its end. `missed`: as many were lost
// before it because this reader was too slow.
std::string ProcessNoteJson(const v1::ProcessNote& note, std::uint64_t missed);

}  // namespace procwall
