// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_grammar.h"

// Slow to compile: only the files of the command line include it.
#include <CLI/CLI.hpp>

#include "ui/help_text.h"

namespace procwall {

CLI::App* RulesGrammar::Add(CLI::App& rules, const char* name, const char* what) {
  CLI::App* command = rules.add_subcommand(name, what);
  command->footer(std::string(ExamplesOf(name)));
  return command;
}

void RulesGrammar::AddDirectory(CLI::App& command) {
  command
      .add_option("--rules-path", directory_,
                  "The rule directory\n(default: the daemon's, else /etc/procwall/rules)")
      ->type_name("DIR");
}

void RulesGrammar::AddJson(CLI::App& command) {
  command.add_flag("--json", json_, "For programs: one JSON object a line");
}

void RulesGrammar::AddNames(CLI::App& command, bool required) {
  command.add_option("names", names_, "Names of rules")->type_name("NAME")->required(required);
}

void RulesGrammar::AddEvents(CLI::App& command) {
  command
      .add_option("--events", events_,
                  "Lines of `procwall watch --json`, - for the standard input\n"
                  "(default: what the daemon remembers)")
      ->type_name("FILE");
}

void RulesGrammar::AddTo(CLI::App& rules) {
  AddAdd(rules);
  AddChanges(rules);
  AddTransfers(rules);
  AddWhy(rules);
  AddVerification(rules);
  AddHistory(rules);
}

void RulesGrammar::AddAdd(CLI::App& rules) {
  add_ = Add(rules, "add", "Makes a rule, shows it and saves it.");
  AddDirectory(*add_);
  AddJson(*add_);
  add_->add_option("name", draft_.name, "Its name; -: a rule as JSON from the standard input")
      ->type_name("NAME")
      ->required();
  auto* allow = add_->add_flag("--allow", allow_, "Allow what matches");
  auto* deny = add_->add_flag("--deny", deny_, "Drop it (the default)")->excludes(allow);
  add_->add_flag("--reject", reject_, "Drop it and close its socket")
      ->excludes(allow)
      ->excludes(deny);
  add_->add_option("--program", draft_.program, "Its path, a folder/, or a pattern with * and ?")
      ->type_name("PATH");
  add_->add_option("--to", draft_.to,
                   "IP, IP/LENGTH, HOST, *.HOST (below it)\nor .HOST (it and below)")
      ->type_name("WHERE");
  add_->add_option("--port", draft_.port, "Of the destination: 443, or 8000-8080")
      ->type_name("PORT");
  add_->add_option("--protocol", draft_.protocol, "tcp, udp, ... (both families), or tcp6")
      ->type_name("PROTOCOL");
  add_->add_option("--user", draft_.user, "By name or number")->type_name("USER");
  add_->add_option("--for", draft_.duration,
                   "15m, 1h30m, until-restart or always (the default);\n"
                   "what ends is held by the daemon, not saved")
      ->type_name("TIME");
  add_->add_option("--description", draft_.description, "For people")->type_name("TEXT");
  add_->add_flag("--precedence", draft_.precedence, "No later rule is asked when it matches");
  add_->add_flag("--replace", replace_, "Also if there is one of that name");
  add_->add_flag("--dry-run", dry_run_, "Show the rule, but do not save it");
}

void RulesGrammar::AddChanges(CLI::App& rules) {
  enable_ = Add(rules, "enable", "Enables rules that are disabled.");
  disable_ = Add(rules, "disable", "Disables rules, but keeps them.");
  remove_ = Add(rules, "remove", "Shows rules, asks, and removes their files.");
  for (CLI::App* command : {enable_, disable_, remove_}) {
    AddDirectory(*command);
    AddJson(*command);
    AddNames(*command, true);
  }
  remove_->add_flag("-y,--yes", yes_, "Do not ask");
  edit_ = Add(rules, "edit", "Opens a rule in $VISUAL or $EDITOR; saves it only if it is right.");
  AddDirectory(*edit_);
  AddJson(*edit_);
  edit_->add_option("name", draft_.name, "Name of the rule")->type_name("NAME")->required();
}

void RulesGrammar::AddTransfers(CLI::App& rules) {
  import_ = Add(rules, "import", "Checks rules of other files and saves them.");
  AddDirectory(*import_);
  AddJson(*import_);
  import_->add_option("paths", names_, "Files, directories, or - for lines of JSON")
      ->type_name("PATH")
      ->required();
  import_->add_flag("--replace", replace_, "Also if there is a rule of that name");
  import_->add_flag("--dry-run", dry_run_, "Only say what would be done");
  export_ = Add(rules, "export", "Writes rules as lines of JSON, or as files.");
  AddDirectory(*export_);
  AddJson(*export_);
  AddNames(*export_, false);
  export_->add_option("--to", to_, "A directory")->type_name("DIR");
}

void RulesGrammar::AddWhy(CLI::App& rules) {
  why_ = Add(rules, "why", "Which rule decides about a packet, and which others match?");
  AddDirectory(*why_);
  AddJson(*why_);
  AddEvents(*why_);
  auto* event = why_->add_option("--event", why_options_.event,
                                 "The number of a decision the daemon remembers")
                    ->type_name("N");
  why_->add_option("--program", why_options_.program, "Path of the program")->type_name("PATH");
  why_->add_option("--command", why_options_.command, "Its whole command line")
      ->type_name("TEXT")
      ->excludes(event);
  why_->add_option("--parent", why_options_.parent, "Path of the program that started it")
      ->type_name("PATH")
      ->excludes(event);
  why_->add_option("--user", why_options_.user, "By name or number")->type_name("USER");
  why_->add_option("--to", why_options_.to, "HOST:PORT, IP:PORT or [IP6]:PORT")
      ->type_name("WHERE")
      ->excludes(event);
  why_->add_option("--host", why_options_.host, "The name the address was resolved from")
      ->type_name("HOST");
  why_->add_option("--sni", why_options_.sni, "The server name in the first TLS or QUIC packet")
      ->type_name("NAME");
  why_->add_option("--protocol", why_options_.protocol, "tcp (the default), udp, ...")
      ->type_name("PROTOCOL");
  AddWhyRoute(*event);
}

void RulesGrammar::AddWhyRoute(CLI::Option& event) {
  why_->add_option("--source", why_options_.source, "IP, IP:PORT, [IP6]:PORT or :PORT")
      ->type_name("WHERE")
      ->excludes(&event);
  why_->add_option("--direction", why_options_.direction,
                   "outgoing (the default), incoming or forwarded")
      ->type_name("WAY")
      ->check(CLI::IsMember({"outgoing", "incoming", "forwarded"}).description(""))
      ->excludes(&event);
  why_->add_option("--iface-in", why_options_.in_interface, "The interface it came in by")
      ->type_name("NAME")
      ->excludes(&event);
  why_->add_option("--iface-out", why_options_.out_interface, "The interface it leaves by")
      ->type_name("NAME")
      ->excludes(&event);
  why_->add_option("--at", why_options_.at, "When: 22:30, \"2026-11-20 14:00\" (default: now)")
      ->type_name("TIME")
      ->excludes(&event);
}

void RulesGrammar::AddVerification(CLI::App& rules) {
  lint_ = Add(rules, "lint", "Finds rules that are right, but questionable.");
  AddJson(*lint_);
  AddDirectory(*lint_);
  lint_->add_option("directory", directory_, "As --rules-path")->type_name("DIR");
  test_ = Add(rules, "test", "Do the rules decide as they are expected to?");
  AddJson(*test_);
  AddDirectory(*test_);
  test_->add_option("file", test_file_, "Expectations (default: DIR/rules.test)")
      ->type_name("FILE");
}

void RulesGrammar::AddHistory(CLI::App& rules) {
  replay_ = Add(rules, "replay", "Which past decisions would other rules change?");
  AddJson(*replay_);
  AddDirectory(*replay_);
  AddEvents(*replay_);
  replay_->add_option("--default", default_action_, "Where no rule matches (default: the daemon's)")
      ->type_name("ACTION")
      ->check(CLI::IsMember({"allow", "deny", "reject"}).description(""));
  learn_ = Add(rules, "learn", "Makes rules that allow what was let through.");
  AddJson(*learn_);
  AddEvents(*learn_);
  learn_->add_option("--to", to_, "Save them in this directory")->type_name("DIR");
  learn_
      ->add_option("--most", most_destinations_,
                   "More destinations of a program than this become all (default: 8)")
      ->type_name("N");
}

std::optional<RulesCommand> RulesGrammar::Chosen() const {
  const OutputForm form = json_ ? OutputForm::kJson : OutputForm::kText;
  if (add_->parsed()) {
    RulesAddOptions options{form, directory_, draft_, dry_run_, replace_};
    options.draft.action = allow_    ? RuleAction::kAllow
                           : reject_ ? RuleAction::kReject
                                     : RuleAction::kDeny;
    return options;
  }
  if (enable_->parsed()) return RulesSwitchOptions{directory_, names_, true, form};
  if (disable_->parsed()) return RulesSwitchOptions{directory_, names_, false, form};
  if (remove_->parsed()) return RulesRemoveOptions{directory_, names_, yes_, form};
  if (edit_->parsed()) return RulesEditOptions{directory_, draft_.name, form};
  if (import_->parsed()) {
    return RulesImportOptions{directory_, names_, dry_run_, replace_, form};
  }
  if (export_->parsed()) return RulesExportOptions{directory_, names_, to_, form};
  if (why_->parsed()) {
    RulesWhyOptions options = why_options_;
    options.form = form;
    options.directory = directory_;
    options.events = events_;
    return options;
  }
  if (lint_->parsed()) return RulesLintOptions{form, directory_};
  if (test_->parsed()) return RulesTestOptions{form, directory_, test_file_};
  if (replay_->parsed()) return RulesReplayOptions{form, directory_, events_, default_action_};
  if (learn_->parsed()) return RulesLearnOptions{form, events_, to_, most_destinations_};
  return std::nullopt;
}

}  // namespace procwall
