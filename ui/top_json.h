// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "ui/top_rows.h"

namespace procwall {

// A place of a program as JSON on one line, without its newline. Keys always come in the same order
// and are always there; numbers that are not known are null. REQUIRES: the row is a place.
std::string TopJson(const TopRow& row, TopTime now);

}  // namespace procwall
