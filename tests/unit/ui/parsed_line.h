// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "ui/command_line.h"

namespace procwall {

// What the client understands where the environment says nothing.
inline CommandLine Parse(const std::vector<std::string>& arguments) {
  return ParseCommandLine(arguments, [](const char*) -> const char* { return nullptr; });
}

// The command as one of its kind; the default, with a failed test, when it is another.
template <typename Command>
Command As(const CommandLine& line) {
  const auto* command = std::get_if<Command>(&line.command);
  EXPECT_NE(command, nullptr) << (std::holds_alternative<PrintCommand>(line.command)
                                      ? std::get<PrintCommand>(line.command).text
                                      : "another command");
  return command == nullptr ? Command() : *command;
}

}  // namespace procwall
