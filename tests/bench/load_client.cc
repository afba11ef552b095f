// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Makes connections as one of several kinds of program does and prints what they cost, as one line
// of JSON (see Latencies::ToJson).
//
//   load_client threads       ADDRESS [--threads 8] ...   one process, one or more threads
//   load_client new-processes ADDRESS --program PATH      a new process per connection
//   load_client old-processes ADDRESS --program PATH      processes that exist before the firewall:
//                                                         prints "ready", goes on at a line on
//                                                         stdin
//   load_client flood         ADDRESS                     one datagram from each of many UDP
//   sockets
#include <cstdio>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "tests/bench/load.h"

namespace procwall {
namespace {

struct Options {
  std::string mode;
  std::string address;
  std::string protocol = "tcp";
  std::string program;
  std::uint16_t port = 7000;
  std::uint16_t ports = 16;
  unsigned threads = 1;
  std::size_t count = 10'000;
  std::size_t warmup = 0;
  unsigned pause_us = 0;
  unsigned limit_ms = 2000;
  unsigned timeout_ms = 5000;
};

void DeclareOptions(CLI::App& app, Options& options) {
  app.add_option("mode", options.mode)
      ->required()
      ->check(CLI::IsMember({"threads", "new-processes", "old-processes", "flood"}));
  app.add_option("address", options.address, "IPv4 or IPv6 address of load_server")->required();
  app.add_option("--protocol", options.protocol)
      ->check(CLI::IsMember({"tcp", "udp", "udp-connected"}));
  app.add_option("--program", options.program, "path of connect_once");
  app.add_option("--port", options.port, "first port of load_server");
  app.add_option("--ports", options.ports, "number of its ports")->check(CLI::PositiveNumber);
  app.add_option("--threads", options.threads)->check(CLI::PositiveNumber);
  app.add_option("--count", options.count, "connections at most");
  app.add_option("--warmup", options.warmup, "unmeasured connections before");
  app.add_option("--pause-us", options.pause_us, "of a thread after each of its connections");
  app.add_option("--limit-ms", options.limit_ms, "no new connection after this long");
  app.add_option("--timeout-ms", options.timeout_ms, "of one connection");
}

void WaitForStart() {
  std::puts("ready");
  std::fflush(stdout);
  std::string line;
  std::getline(std::cin, line);
}

Result<LoadReport> Run(const Options& options) {
  const LoadPlan plan = {
      .target = {.protocol = *ParseLoadProtocol(options.protocol),
                 .address = PROCWALL_TRY(ParseSocketAddress(options.address, options.port)),
                 .port_count = options.ports,
                 .timeout = std::chrono::milliseconds(options.timeout_ms)},
      .count = options.count,
      .limit = std::chrono::milliseconds(options.limit_ms),
      .warmup = options.warmup,
      .pause = std::chrono::microseconds(options.pause_us),
  };
  if (options.mode == "new-processes") return LoadFromNewProcesses(plan, options.program);
  if (options.mode == "old-processes") {
    return LoadFromOldProcesses(plan, options.program, &WaitForStart);
  }
  if (options.mode == "flood") return LoadFromManySockets(plan);
  return LoadFromThreads(plan, options.threads);
}

}  // namespace
}  // namespace procwall

int main(int argc, char** argv) try {
  procwall::Options options;
  CLI::App app("Makes connections and prints what they cost");
  procwall::DeclareOptions(app, options);
  CLI11_PARSE(app, argc, argv);
  const auto report = procwall::Run(options);
  if (!report) {
    std::cerr << "load_client: " << report.error().ToString() << '\n';
    return 1;
  }
  std::cout << report->latencies.ToJson(report->elapsed) << '\n';
  return 0;
} catch (const std::exception& error) {  // CLI11's and the JSON library's
  std::fprintf(stderr, "load_client: %s\n", error.what());
  return 1;
}
