// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <vector>

#include "rules/rule.h"

namespace procwall {

// The conditions that must all hold, lists in lists taken apart.
std::vector<const Operator*> Conjuncts(const Operator& op);

// Does every packet that matches `narrow` match `wide` too? Finds out what can be read off the
// conditions: the same ones, more of them, a network in a network, a path below a directory. False
// when it is not sure.
bool Covers(const Operator& wide, const Operator& narrow);

// Can no packet match it, because two of its conditions exclude each other? False when not sure.
bool ContradictsItself(const Operator& op);

}  // namespace procwall
