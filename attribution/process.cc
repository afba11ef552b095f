// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/process.h"

#include <string_view>

#include <fmt/format.h>

namespace procwall {
namespace {

// Container ids are 64 digits; docker and podman show the first 12.
constexpr std::size_t kLongContainer = 64;
constexpr std::size_t kShortContainer = 12;

std::string_view ShortContainer(std::string_view container) {
  if (container.size() < kLongContainer) return container;
  return container.substr(0, kShortContainer);
}

}  // namespace

const char* ExecutableStateName(ExecutableState state) {
  switch (state) {
    case ExecutableState::kUnknown:
      return "unknown";
    case ExecutableState::kUnverified:
      return "unverified";
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
    case ExecutableState::kNamesake:
      return "namesake";
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

std::string RulePath(const Process& process) {
  if (process.executable_state != ExecutableState::kNamesake) return process.path;
  if (!process.container.empty()) {
    return fmt::format("{}:{}", ShortContainer(process.container), process.path);
  }
  return fmt::format("mnt-{}:{}", process.mount_namespace, process.path);
}

}  // namespace procwall
