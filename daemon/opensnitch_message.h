// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "attribution/attribution.h"
#include "attribution/hashes.h"
#include "daemon/event.h"
#include "net/connection.h"
#include "rules/rule.h"

namespace procwall {

// What is said between us and OpenSnitch's GUI, whatever dialect it speaks: opensnitch_dialect.h
// makes wire messages of it. On that wire the GUI is the server, and calls us a node.

enum class GuiDialect : std::uint8_t {
  k15,  // versions 1.4 to 1.5.9
  k16,  // 1.6.2 and later
};
const char* GuiDialectName(GuiDialect dialect);  // "1.5", "1.6+"

using GuiRules = std::vector<std::shared_ptr<const Rule>>;
using GuiRulesPtr = std::shared_ptr<const GuiRules>;

// This host and its rules, as the GUI is told at the beginning.
struct GuiNode {
  std::string host_name{};
  std::string kernel_version{};
  bool intercepts = true;
  std::string config{};  // JSON; must have every key that GUIs look at
  std::uint32_t log_level = 0;
  GuiRules rules{};
};

// A decision, with the time that GUIs tell decisions apart by.
struct GuiEvent {
  EventPtr event;  // with a connection
  std::int64_t unix_nanoseconds = 0;
  HashesPtr hashes{};  // of the program's file; null: not told

  friend bool operator==(const GuiEvent&, const GuiEvent&) = default;
};

struct GuiStatistics {
  using Hits = std::map<std::string, std::uint64_t>;

  std::string version{};  // three numbers; the first two should be the GUI's
  std::uint64_t rules = 0;
  std::uint64_t uptime_seconds = 0;
  std::uint64_t dns_answers = 0;
  std::uint64_t connections = 0;
  std::uint64_t ignored = 0;
  std::uint64_t accepted = 0;
  std::uint64_t dropped = 0;
  std::uint64_t rule_hits = 0;
  std::uint64_t rule_misses = 0;
  Hits by_protocol{};
  Hits by_address{};
  Hits by_host{};
  Hits by_port{};
  Hits by_user{};
  Hits by_program{};
  std::vector<GuiEvent> events{};
};

// What a person is asked about: borrowed.
struct GuiQuestion {
  const Connection& connection;
  const Attribution& attribution;
  std::string_view host;
  HashesPtr hashes{};  // of the program's file; null: not told
};

// What the GUI wants done.
enum class GuiCommand : std::uint8_t {
  kNone,  // the GUI ends
  kEnableInterception,
  kDisableInterception,
  kEnableFirewall,
  kDisableFirewall,
  kReloadFirewall,
  kChangeConfig,
  kEnableRule,
  kDisableRule,
  kDeleteRule,
  kChangeRule,
  kLogLevel,
  kStop,
  kStartTask,  // 1.5: the pid of a process to monitor; since 1.7: JSON
  kStopTask,
  kUnknown,
};
const char* GuiCommandName(GuiCommand command);  // "enable interception", ...

// A rule as the GUI sent it: nothing is asked of it yet.
struct GuiRule {
  Rule rule{};
  bool has_operator = false;

  friend bool operator==(const GuiRule&, const GuiRule&) = default;
};

struct GuiNotification {
  std::uint64_t id = 0;
  GuiCommand command = GuiCommand::kUnknown;
  std::string data{};
  std::vector<GuiRule> rules{};

  friend bool operator==(const GuiNotification&, const GuiNotification&) = default;
};

struct GuiReply {
  std::uint64_t id = 0;  // the notification's
  bool ok = true;
  std::string data{};  // what was asked for, or what went wrong

  friend bool operator==(const GuiReply&, const GuiReply&) = default;
};

// Something that people should see at once. (1.5 has no way to say it.)
struct GuiAlert {
  enum class Kind : std::uint8_t { kError, kWarning, kInfo };
  Kind kind = Kind::kWarning;
  bool show = true;
  std::string text{};
};

}  // namespace procwall
