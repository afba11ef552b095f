// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <istream>

namespace procwall {

// What a person, or another program, tells us while we run.
struct Input {
  std::istream& stream;
  bool is_terminal = false;  // somebody is there to be asked
};

}  // namespace procwall
