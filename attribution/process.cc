// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/process.h"

namespace procwall {

std::string Process::CommandLine() const {
  std::string line;
  for (const std::string& argument : args) {
    if (&argument != &args.front()) line += ' ';
    line += argument;
  }
  return line;
}

}  // namespace procwall
