// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <clocale>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include <grpc/support/log.h>

#include "ui/run.h"

// A reader that goes away (`| head`) ends us by SIGPIPE, as it ends every program in a pipe.
int main(int argc, char** argv) {
  try {
    // DisplayWidth() asks it.
    std::setlocale(LC_CTYPE, "C.UTF-8");  // NOLINT(concurrency-mt-unsafe): there is one thread yet
    std::ios::sync_with_stdio(false);
    // gRPC would write its own view of every failure to stderr, beside ours.
    ::gpr_set_log_function([](gpr_log_func_args*) {});
    const procwall::Surroundings surroundings{
        // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
        [](const char* name) -> const char* { return std::getenv(name); }, std::cout, std::cerr};
    return procwall::Run(std::vector<std::string>(argv + 1, argv + argc), surroundings);
  } catch (const std::exception& error) {
    std::cerr << "procwall: " << error.what() << "\n";
    return procwall::kFailed;
  }
}
