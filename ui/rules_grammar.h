// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ui/rules_options.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace procwall {

// The commands below `procwall rules` that work on a rule directory, and the values their options
// go to. Must live as long as the command line is being read.
class RulesGrammar {
 public:
  void AddTo(CLI::App& rules);
  // The command that was given; nullopt: none of ours.
  std::optional<RulesCommand> Chosen() const;

 private:
  CLI::App* Add(CLI::App& rules, const char* name, const char* what);
  void AddDirectory(CLI::App& command);
  void AddJson(CLI::App& command);
  void AddNames(CLI::App& command, bool required);
  void AddEvents(CLI::App& command);
  void AddAdd(CLI::App& rules);
  void AddChanges(CLI::App& rules);
  void AddTransfers(CLI::App& rules);
  void AddWhy(CLI::App& rules);
  void AddWhyRoute(CLI::Option& event);
  void AddVerification(CLI::App& rules);
  void AddHistory(CLI::App& rules);

  CLI::App* add_ = nullptr;
  CLI::App* enable_ = nullptr;
  CLI::App* disable_ = nullptr;
  CLI::App* remove_ = nullptr;
  CLI::App* edit_ = nullptr;
  CLI::App* import_ = nullptr;
  CLI::App* export_ = nullptr;
  CLI::App* why_ = nullptr;
  CLI::App* lint_ = nullptr;
  CLI::App* test_ = nullptr;
  CLI::App* replay_ = nullptr;
  CLI::App* learn_ = nullptr;

  std::string directory_;
  bool json_ = false;
  bool dry_run_ = false;
  bool replace_ = false;
  bool yes_ = false;
  bool allow_ = false;
  bool deny_ = false;
  bool reject_ = false;
  std::vector<std::string> names_;
  std::string events_;
  std::string to_;
  std::string test_file_;
  std::string default_action_;
  std::size_t most_destinations_ = 8;
  RuleDraft draft_;
  RulesWhyOptions why_options_;
};

}  // namespace procwall
