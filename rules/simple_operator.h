// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "rules/operator_type.h"

namespace procwall {

// Type simple: the value is the one in `data`, whatever that means for this kind of operand.
CompiledCondition CompileSimple(const OperatorTask& task);

}  // namespace procwall
