// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// A flow as one JSON object on one line, without its end; the keys always come in the same order.
std::string FlowJson(const v1::Flow& flow);
// The same of what became of it: "event" is "new", "changed", "ended" or "lost". `missed`: as many
// were lost before it because this reader was too slow.
std::string FlowNoteJson(const v1::FlowNote& note, std::uint64_t missed);

// "new", "changed", "ended", "lost".
const char* FlowNoteWord(v1::FlowNote::What what);

}  // namespace procwall
