// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/log_grammar.h"

#include <chrono>
#include <limits>

// Slow to compile: only the files of the command line include it.
#include <CLI/CLI.hpp>

#include "record/event_words.h"
#include "ui/moment.h"

namespace procwall {
namespace {

std::string CheckMoment(const std::string& text) {
  const auto now =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto moment = ParseMoment(text, now);
  return moment ? "" : moment.error();
}

}  // namespace

CLI::App* LogGrammar::AddTo(CLI::App& app) {
  CLI::App* log = app.add_subcommand(
      "log", "Shows what the journal has kept: decisions, and flows that have ended.");
  log->add_option("--since", options_.since, "From then on: 2h, today, \"2026-11-20 14:00\", ...")
      ->type_name("TIME")
      ->check(CheckMoment);
  log->add_option("--until", options_.until, "Before then")->type_name("TIME")->check(CheckMoment);
  log->add_option("--program", options_.program, "Only this program: its path, or its last part")
      ->type_name("PROGRAM");
  log->add_option("--to", options_.destination,
                  "Only to this address, network, or name and all\nnames below it")
      ->type_name("WHERE");
  log->add_option("--rule", options_.rule, "Only what this rule decided")->type_name("RULE");
  log->add_option("--action", action_, "Only allow, deny or reject")
      ->type_name("ACTION")
      ->check(CLI::IsMember({"allow", "deny", "reject"}).description(""));
  log->add_option("--user", options_.user, "Only of this user, by name or number")
      ->type_name("USER");
  log->add_option("--port", options_.port, "Only to this port")
      ->type_name("N")
      ->check(CLI::Range(1, 65535).description(""));
  log->add_option("-n,--lines", options_.count, "The newest N of them; 0: all (default: 1000)")
      ->type_name("N")
      ->check(
          CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()).description(""));
  log->add_flag("-r,--reverse", reverse_, "Newest first");
  log->add_option("--sum", sum_, "Count by program, destination or rule")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"program", "destination", "rule"}).description(""));
  log->add_option("--file", options_.file, "Read this file, without the daemon")->type_name("PATH");
  return log;
}

LogOptions LogGrammar::Chosen() const {
  LogOptions options = options_;
  if (!action_.empty()) options.action = *ActionNamed(action_);  // IsMember has checked it
  if (sum_ == "program") options.sum = LogOptions::Sum::kProgram;
  if (sum_ == "destination") options.sum = LogOptions::Sum::kDestination;
  if (sum_ == "rule") options.sum = LogOptions::Sum::kRule;
  if (reverse_) options.order = LogOptions::Order::kNewestFirst;
  return options;
}

}  // namespace procwall
