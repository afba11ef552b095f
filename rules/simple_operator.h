// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/operator_type.h"

namespace procwall {

// Type simple: the value is the one in `data`, whatever that means for this kind of operand.
CompiledCondition CompileSimple(const OperatorTask& task);

// The number that `data` says of a port, a pid or a uid: leading zeros and blanks around it do not
// matter. nullopt: it is no decimal number.
std::optional<std::int64_t> ParseNumber(std::string_view text);

}  // namespace procwall
