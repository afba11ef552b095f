// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>

#include "rules/rule.h"

namespace procwall {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kImportant, kWarning, kError };
enum class Mode : std::uint8_t {
  kEnforce,  // verdicts are what the rules say
  kObserve,  // everything is judged and reported, and accepted
};
// How packets get into the queue.
enum class FirewallKind : std::uint8_t {
  kAuto,            // the first of the following that this kernel can do
  kNft,             // a table of our own
  kIptablesLegacy,  // chains of our own in the mangle tables
  kIptablesNft,
  kNone,  // somebody else's rules feed the queue
};
const char* FirewallKindName(FirewallKind kind);  // "auto", "nft", ...

// What the daemon runs with: the configuration file, overridden by the command line.
struct Settings {
  std::string config_file;  // the file that was read; empty: built-in values
  std::string rules_directory = "/etc/procwall/rules";
  std::string api_address = "unix:/run/procwall/procwall.sock";
  RuleAction default_action = RuleAction::kAllow;
  Mode mode = Mode::kEnforce;
  FirewallKind firewall = FirewallKind::kAuto;
  std::uint16_t queue_number = 0;
  bool queue_bypass = true;  // no daemon: packets pass
  bool forwarded = false;    // judge what this host forwards, too: containers, virtual machines
  bool witness = true;       // the kernel witness, where it can run
  bool live_reload = true;
  LogLevel log_level = LogLevel::kImportant;
  std::string log_file;  // empty: stderr
};

}  // namespace procwall
