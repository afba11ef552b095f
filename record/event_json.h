// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>

#include "procwall/v1/procwall.pb.h"
#include "record/event_words.h"
#include "record/json_text.h"

namespace procwall {

// One decision as JSON, and on one line without its newline. Keys always come in the same order and
// are always there: texts that are not known are "", numbers that are not known are null. `missed`
// is the number of decisions that were lost just before this one.
Json EventObject(const v1::Event& event, std::uint64_t missed);
Json ShadowRulesArray(const ShadowRules& shadows);
std::string EventJson(const v1::Event& event, std::uint64_t missed);

}  // namespace procwall
