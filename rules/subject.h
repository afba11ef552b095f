// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string_view>

#include "attribution/attribution.h"
#include "attribution/environment.h"
#include "attribution/hashes.h"
#include "attribution/process.h"
#include "base/clock.h"
#include "net/connection.h"

namespace procwall {

// The facts that rules are judged on: borrowed views into what the pipeline knows of one packet and
// one process. Which of them the rules in force ask for: RuleSet::Needs().
//
// What is not known is judged as an empty text: an unknown program has the path "" and the command
// "", pid 0, and its uid is that of the packet, else -1; an unknown host is "". So `deny ".*"` also
// covers programs nobody could name, and no rule that names a program lets one through. Facts that
// OpenSnitch does not have, hashes and interfaces match nothing while they are not known
// (rules/facts.h).
struct Subject {
  const Connection* connection = nullptr;  // never null
  const Process* process = nullptr;
  std::string_view host{};           // the name the destination was resolved from; empty: unknown
  const Process* creator = nullptr;  // who made the socket, if it is known; may be `process`
  const Environment* environment = nullptr;  // of the process; null: not known
  const Hashes* hashes = nullptr;            // of the process's executable; null: not known (yet)
  Confidence confidence = Confidence::kUnknown;
  std::string_view in_interface{};   // "eth0"; empty: none, or unknown
  std::string_view out_interface{};  // likewise
  WallTime now{};                    // for rules that hold at times of the day; zero: not known
  std::string_view profile{};        // the network profile in force; empty: not known
  const std::string_view* package = nullptr;  // of the executable; null: not known; empty: of none
  std::string_view sni{};  // the server name in the packet itself; empty: none, or not looked for
  BootTime boot_now{};     // for rules that end; zero: none has ended yet
};

}  // namespace procwall
