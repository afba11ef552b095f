// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "daemon/config.h"
#include "daemon/daemon.h"
#include "daemon/firewall_table.h"
#include "daemon/log.h"
#include "daemon/options.h"
#include "daemon/requirements.h"
#include "daemon/version.h"

namespace procwall {
namespace {

constexpr int kCannotWork = 1;
constexpr int kWrongUsage = 2;

int Fail(int exit_code, const std::string& message) {
  fmt::print(stderr, "procwalld: {}\n", message);
  return exit_code;
}

int Main(std::vector<std::string> arguments) {
  const auto options = ParseOptions(std::move(arguments));
  if (!options) {
    fmt::print(options.error().exit_code == 0 ? stdout : stderr, "{}", options.error().text);
    return options.error().exit_code;
  }
  if (options->show_version) {
    fmt::print("procwalld {}\n", kVersion);
    return 0;
  }
  if (options->check_requirements) {
    const RequirementsReport report = Describe(CheckRequirements());
    fmt::print("{}", report.text);
    return report.essential_missing ? kCannotWork : 0;
  }
  if (options->remove_firewall) {
    RemoveFirewall();
    return 0;
  }
  const auto settings = LoadSettings(*options);
  if (!settings) return Fail(kWrongUsage, settings.error());
  if (const auto started = StartLog(settings->log_level, settings->log_file); !started) {
    return Fail(kCannotWork, started.error());
  }
  if (const auto ran = RunDaemon(*settings); !ran) return Fail(kCannotWork, ran.error());
  return 0;
}

}  // namespace
}  // namespace procwall

int main(int argc, char** argv) {
  try {
    return procwall::Main({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "procwalld: %s\n", error.what());
    return 1;
  }
}
