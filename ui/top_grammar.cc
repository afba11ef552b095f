// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_grammar.h"

// Slow to compile: only the files of the command line include it.
#include <CLI/CLI.hpp>

namespace procwall {

CLI::App* TopGrammar::AddTo(CLI::App& app) {
  CLI::App* top = app.add_subcommand(
      "top", "Shows which programs use the network now, with whom, and lets you act on it.");
  top->add_flag("--once", options_.once, "One screen of it, after one interval, for scripts");
  top->add_option("--interval", interval_,
                  "Seconds between two looks at the connections, 0.2 to 60\n(default: 2)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.2, 60.0).description(""));
  top->add_option("--sort", sort_, "By rate, count, denied, name or time\n(default: rate)")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"rate", "count", "denied", "name", "time"}).description(""));
  top->add_option("--filter", options_.filter,
                  "Only what contains all of these words: program, other\nside, state or rule")
      ->type_name("WORDS");
  return top;
}

TopOptions TopGrammar::Chosen() const {
  TopOptions options = options_;
  options.interval = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::duration<double>(interval_));
  options.sort = TopSortNamed(sort_).value_or(TopSort::kRate);  // IsMember has checked it
  return options;
}

}  // namespace procwall
