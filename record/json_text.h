// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/printable.h"

namespace procwall {

// Keeps the keys in the order they were written in: people read these lines too.
using Json = nlohmann::ordered_json;

// A stranger's text as a JSON value: JSON alone would let C1 controls and bidirectional overrides
// through to a terminal.
inline Json JsonText(std::string_view text) { return TerminalSafe(text); }

// On one line; never throws for bytes that are not UTF-8.
inline std::string OneLine(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace procwall
