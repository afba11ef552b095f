// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "attribution/lineage.h"
#include "attribution/program_store.h"

namespace procwall {

// What the children of a process will remember of it.
LineagePtr AsAncestor(const ProgramStore& store, Program& program);

// Who made it, and who made that one, and so on; null: nobody knows. What is found is kept.
LineagePtr LineageOf(const ProgramStore& store, Program& program);

}  // namespace procwall
