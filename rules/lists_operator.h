// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "rules/operator_type.h"

namespace procwall {

// Type lists: what the operand names is in the list of a directory. A list that is not there or
// empty is noted, not refused: it may come later.
CompiledCondition CompileLists(const OperatorTask& task);

}  // namespace procwall
