// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/watch_grammar.h"

#include <limits>

// Slow to compile: only the files of the command line include it.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "record/event_words.h"

namespace procwall {
namespace {

std::string CheckDestination(const std::string& text) {
  if (ParseWantedDestination(text)) return "";
  return fmt::format("'{}' is neither HOST, IP, HOST:PORT, [IP6]:PORT nor :PORT", text);
}

}  // namespace

CLI::App* WatchGrammar::AddTo(CLI::App& app) {
  CLI::App* watch =
      app.add_subcommand("watch", "Shows every decision as it happens, until Ctrl-C.");
  watch
      ->add_option("--recent", recent_,
                   "Begin with the last N decisions, at most 4096\n(default: 10 on a terminal, "
                   "else 0)")
      ->type_name("N")
      ->check(CLI::Range(0, 4096).description(""));
  watch->add_option("--count", options_.count, "End after N decisions")
      ->type_name("N")
      ->check(
          CLI::Range(std::uint64_t{1}, std::numeric_limits<std::uint64_t>::max()).description(""));
  watch
      ->add_option("--program", options_.filter.program,
                   "Only this program: its path, or a part of it")
      ->type_name("PROGRAM");
  watch->add_option("--action", actions_, "Only allow, deny or reject; can be repeated")
      ->type_name("ACTION")
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"allow", "deny", "reject"}).description(""));
  watch
      ->add_option("--destination", destination_,
                   "Only to HOST (and names below it), IP,\nHOST:PORT, [IP6]:PORT or :PORT")
      ->type_name("WHERE")
      ->check(CheckDestination);
  watch->add_flag(
      "-e,--evidence", evidence_,
      "Below each decision: its number, how the program was\nfound, its command line, and who "
      "started it");
  watch->add_flag("-n,--number", number_, "Begin each line with the number for `explain`");
  return watch;
}

WatchOptions WatchGrammar::Chosen() const {
  WatchOptions options = options_;
  options.recent = recent_;
  options.evidence = evidence_ ? ShowEvidence::kAlways : ShowEvidence::kIfRoom;
  options.number = number_ ? ShowNumber::kAlways : ShowNumber::kWithEvidence;
  for (const std::string& action : actions_) {
    options.filter.actions.push_back(*ActionNamed(action));  // IsMember has checked it
  }
  if (!destination_.empty()) options.filter.destination = ParseWantedDestination(destination_);
  return options;
}

}  // namespace procwall
