// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace procwall {

// What a program that was run to its end said.
struct ProgramOutput {
  int exit_code = 0;   // 128 + signal if a signal ended it
  std::string output;  // stdout and stderr together, cut where the limit is
};
inline constexpr std::size_t kMaxProgramOutput = std::size_t{64} << 10;

// Runs `arguments` (the program first, looked up in PATH) with `input` as its standard input, and
// waits for its end. A program that is still running after `limit` is killed: kTimedOut. kNotFound
// when there is no such program; kSystem when SIGCHLD is ignored, so that nobody tells how it
// ended. Blocks: not for the packet thread. REQUIRES: SIGPIPE is ignored.
Result<ProgramOutput> RunProgram(const std::vector<std::string>& arguments, std::string_view input,
                                 std::chrono::milliseconds limit,
                                 std::size_t most_output = kMaxProgramOutput);

}  // namespace procwall
