// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/process.h"

namespace procwall {

const char* ExecutableStateName(ExecutableState state) {
  switch (state) {
    case ExecutableState::kUnknown:
      return "unknown";
    case ExecutableState::kSame:
      return "same";
    case ExecutableState::kDeleted:
      return "deleted";
    case ExecutableState::kReplaced:
      return "replaced";
    case ExecutableState::kMemory:
      return "memory";
    case ExecutableState::kForeign:
      return "foreign";
  }
  return "unknown";
}

std::string Process::CommandLine() const {
  std::string line;
  for (const std::string& argument : args) {
    if (&argument != &args.front()) line += ' ';
    line += argument;
  }
  return line;
}

}  // namespace procwall
