// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/question_policy.h"
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
// What OpenSnitch's GUI understands.
enum class UiProtocol : std::uint8_t {
  kAuto,  // found out
  k15,    // versions 1.4 to 1.5.9
  k16,    // 1.6.2 and later
};

// What the daemon runs with: the configuration file, overridden by the command line.
struct Settings {
  std::string config_file;  // the file that was read; empty: built-in values
  std::string rules_directory = "/etc/procwall/rules";
  std::string api_address = "unix:/run/procwall/procwall.sock";
  RuleAction default_action = RuleAction::kAllow;
  std::chrono::nanoseconds question_timeout = std::chrono::seconds(30);
  std::optional<RuleAction> unasked_action;  // nobody is there to be asked; absent: the default one
  bool ask_unknown = true;                   // about unknown programs, too
  std::string view_group = "procwall";  // who may look; empty: root alone, as with the next two
  std::string answer_group;             // who may also answer questions
  std::string admin_group;              // who may also change rules
  Mode mode = Mode::kEnforce;
  FirewallKind firewall = FirewallKind::kAuto;
  std::uint16_t queue_number = 0;
  bool queue_bypass = true;  // no daemon: packets pass
  bool forwarded = false;    // judge what this host forwards, too: containers, virtual machines
  bool witness = true;       // the kernel witness, where it can run
  std::uint32_t flow_mark = 0x20000000;  // the bit of conntrack's mark that is ours; 0: none
  bool live_reload = true;
  LogLevel log_level = LogLevel::kImportant;
  std::string log_file;  // empty: stderr

  QuestionPolicy Questions() const {
    return {question_timeout, default_action, unasked_action.value_or(default_action), ask_unknown};
  }
  // OpenSnitch's GUI: where it listens (empty: none is looked for), what it understands, what we
  // say we are (empty: what suits it), and whose it may be.
  std::string ui_socket = "unix:///tmp/osui.sock";
  UiProtocol ui_protocol = UiProtocol::kAuto;
  std::string ui_version;
  std::vector<std::string> ui_users = {"root", "@sudo", "@wheel", "@procwall"};
};

}  // namespace procwall
