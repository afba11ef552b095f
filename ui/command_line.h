// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "ui/ask_options.h"
#include "ui/client_tls.h"
#include "ui/completion.h"
#include "ui/connections_options.h"
#include "ui/exit_code.h"
#include "ui/explain_options.h"
#include "ui/flows_options.h"
#include "ui/log_options.h"
#include "ui/output_form.h"
#include "ui/processes_options.h"
#include "ui/rules_options.h"
#include "ui/terminal.h"
#include "ui/top_options.h"
#include "ui/watch_options.h"

namespace procwall {

inline constexpr const char* kDefaultAddress = "unix:/run/procwall/procwall.sock";

// What the person asked for: one struct per command.
struct StatusCommand {
  OutputForm form = OutputForm::kText;
};
struct RulesListCommand {
  OutputForm form = OutputForm::kText;
};
struct RulesCheckCommand {
  OutputForm form = OutputForm::kText;
  std::vector<std::string> paths;
};
struct DoctorCommand {
  OutputForm form = OutputForm::kText;
};
struct CompletionCommand {
  Shell shell = Shell::kBash;
  bool of_daemon = false;  // of procwalld, not of procwall
};
struct NotifyCommand {};
struct VersionCommand {};
// Help was asked for, or the command line is wrong: print this and end.
struct PrintCommand {
  std::string text;
  ExitCode exit_code = kSuccess;  // kUsage: the text belongs on stderr
};

struct CommandLine {
  std::string address = kDefaultAddress;  // "unix:PATH"; with `tls`, "HOST:PORT"
  ClientTls tls{};
  ColourChoice colour = ColourChoice::kAuto;
  std::variant<PrintCommand, WatchOptions, StatusCommand, RulesListCommand, RulesCheckCommand,
               RulesCommand, ConnectionsOptions, ExplainOptions, AskOptions, DoctorCommand,
               ProcessesOptions, LogOptions, FlowsOptions, FlowsCutOptions, TopOptions,
               NotifyCommand, CompletionCommand, VersionCommand>
      command;
};

// Understands the arguments (without the program's name) and the environment's PROCWALL_ADDRESS.
// Never fails: what is wrong comes back as a PrintCommand.
CommandLine ParseCommandLine(const std::vector<std::string>& arguments,
                             const EnvironmentLookup& environment);

}  // namespace procwall
