// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/settings.h"

namespace procwall {

// The command line of procwalld: every flag of opensnitchd, written with one dash or two, as `-flag
// value` or
// `-flag=value`, and our own. What was not given is empty, and the configuration file decides.
struct Options {
  std::string config_file;  // empty: kDefaultConfigFile if it exists
  std::optional<std::string> rules_directory;
  std::optional<std::uint16_t> queue_number;
  std::optional<std::string> api_address;
  std::optional<std::string> default_action;
  std::optional<std::string> firewall;
  std::optional<bool> queue_bypass;
  std::optional<std::string> witness;  // "auto" or "off"
  std::optional<std::string> ui_socket;
  std::optional<std::string> journal;  // "off" or a path
  std::optional<std::string> log_file;
  std::optional<LogLevel> log_level;
  bool forwarded = false;
  bool observe = false;
  bool no_live_reload = false;
  bool show_version = false;
  bool check_requirements = false;
  bool remove_firewall = false;
};

// Why there is nothing to run: a text for the user and the exit code, 0 when help was asked for.
struct UsageExit {
  std::string text;
  int exit_code = 2;
};

// `arguments` without the program's name.
tl::expected<Options, UsageExit> ParseOptions(std::vector<std::string> arguments);

}  // namespace procwall
