// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <iostream>
#include <string>
#include <vector>

#include "ui/exit_code.h"
#include "ui/terminal.h"

namespace procwall {

// The whole program but its process: understands the arguments (without the program's name), and
// does what they say. `stdout_fd` is what `out` writes to, `stdin_fd` what `in` reads.
struct Surroundings {
  EnvironmentLookup environment;
  std::ostream& out;
  std::ostream& err;
  int stdout_fd = 1;
  std::istream& in = std::cin;
  int stdin_fd = 0;
};
ExitCode Run(const std::vector<std::string>& arguments, const Surroundings& surroundings);

}  // namespace procwall
