// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// A program that makes exactly one connection, says how long it took, and ends.
//
//   connect_once PROTOCOL ADDRESS PORT TIMEOUT_MS [wait]
//
// Writes an std::int64_t to stdout: nanoseconds, or minus errno. With `wait` it first reads one
// byte from stdin: the old process whose first connection comes long after its start.
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tests/bench/load_connection.h"

int main(int argc, char** argv) {
  using namespace procwall;  // NOLINT(google-build-using-namespace): a main of this project
  if (argc < 5) return 2;
  const auto protocol = ParseLoadProtocol(argv[1]);
  const auto port = static_cast<std::uint16_t>(std::strtoul(argv[3], nullptr, 10));
  const auto address = ParseSocketAddress(argv[2], port);
  if (!protocol || !address) return 2;
  const LoadTarget target = {
      .protocol = *protocol,
      .address = *address,
      .timeout = std::chrono::milliseconds(std::strtoul(argv[4], nullptr, 10)),
  };
  char go = 0;
  if (argc > 5 && std::string_view(argv[5]) == "wait" && ::read(STDIN_FILENO, &go, 1) != 1) {
    return 1;
  }
  const auto latency = MeasureConnection(target, 0);
  const std::int64_t report = latency ? latency->count() : -latency.error().sys_errno;
  return ::write(STDOUT_FILENO, &report, sizeof(report)) == sizeof(report) ? 0 : 1;
}
