// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "rules/rule_draft.h"
#include "ui/output_form.h"

namespace procwall {

// What was asked for of `procwall rules ...`. An empty `directory` is the daemon's, or
// kRulesDirectory.
inline constexpr const char* kRulesDirectory = "/etc/procwall/rules";

struct RulesAddOptions {
  OutputForm form = OutputForm::kText;
  std::string directory{};
  RuleDraft draft{};  // the name "-": a rule as JSON from the standard input
  bool dry_run = false;
  bool replace = false;
};
struct RulesSwitchOptions {
  std::string directory{};
  std::vector<std::string> names{};
  bool enable = false;
  OutputForm form = OutputForm::kText;
};
struct RulesRemoveOptions {
  std::string directory{};
  std::vector<std::string> names{};
  bool yes = false;
  OutputForm form = OutputForm::kText;
};
struct RulesEditOptions {
  std::string directory{};
  std::string name{};
  OutputForm form = OutputForm::kText;
};
struct RulesImportOptions {
  std::string directory{};
  std::vector<std::string> paths{};  // files, directories, "-"
  bool dry_run = false;
  bool replace = false;
  OutputForm form = OutputForm::kText;
};
struct RulesExportOptions {
  std::string directory{};
  std::vector<std::string> names{};  // none: all
  std::string to{};                  // a directory; empty: the standard output, as JSON anyway
  OutputForm form = OutputForm::kText;
};
struct RulesWhyOptions {
  OutputForm form = OutputForm::kText;
  std::string directory{};
  std::string program{};
  std::string command{};  // the whole command line
  std::string parent{};   // the path of the program that started it
  std::string user{};
  std::string to{};
  std::string source{};  // IP, IP:PORT or :PORT
  std::string host{};
  std::string sni{};
  std::string protocol = "tcp";
  std::string direction = "outgoing";
  std::string in_interface{};
  std::string out_interface{};
  std::string at{};                      // see ParseMoment(); empty: now
  std::optional<std::uint64_t> event{};  // its number: one of the daemon's recent decisions
  std::string events{};                  // where to look for it instead: a file, or "-"
};
struct RulesLintOptions {
  OutputForm form = OutputForm::kText;
  std::string directory{};
};
struct RulesTestOptions {
  OutputForm form = OutputForm::kText;
  std::string directory{};
  std::string file{};  // empty: the directory's own
};
struct RulesReplayOptions {
  OutputForm form = OutputForm::kText;
  std::string directory{};
  std::string events{};          // a file, or "-"; empty: the daemon's recent decisions
  std::string default_action{};  // empty: the daemon's, or deny
};
struct RulesLearnOptions {
  OutputForm form = OutputForm::kText;
  std::string events{};
  std::string to{};  // a directory; empty: only shows the rules
  std::size_t most_destinations = 8;
};

using RulesCommand =
    std::variant<RulesAddOptions, RulesSwitchOptions, RulesRemoveOptions, RulesEditOptions,
                 RulesImportOptions, RulesExportOptions, RulesWhyOptions, RulesLintOptions,
                 RulesTestOptions, RulesReplayOptions, RulesLearnOptions>;

}  // namespace procwall
