// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/command_line.h"

#include <algorithm>
#include <utility>

// Slow to compile: only the files of the command line include it.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ui/explain_grammar.h"
#include "ui/flows_grammar.h"
#include "ui/help_text.h"
#include "ui/log_grammar.h"
#include "ui/process_line.h"
#include "ui/rules_grammar.h"
#include "ui/top_grammar.h"
#include "ui/watch_grammar.h"

namespace procwall {
namespace {

// The commands as CLI11 knows them, and the values their options go to.
class Grammar {
 public:
  explicit Grammar(CommandLine& result) : result_(result) {
    app_.fallthrough();
    app_.require_subcommand(0, 1);
    AddGlobalOptions();
    watch_ = watch_grammar_.AddTo(app_);
    explain_ = explain_grammar_.AddTo(app_);
    top_ = top_grammar_.AddTo(app_);
    log_ = log_grammar_.AddTo(app_);
    AddJson(*watch_);
    AddJson(*top_);
    AddJson(*explain_);
    AddJson(*log_);
    flows_ = flows_grammar_.AddTo(app_);
    AddJson(*flows_);
    AddJson(*flows_grammar_.CutCommand());
    AddAsk();
    AddStatus();
    AddDoctor();
    AddConnections();
    AddProcesses();
    AddRules();
    AddAbout();
    for (CLI::App* command : {watch_, top_, explain_, log_, flows_, ask_, notify_, status_, doctor_,
                              connections_, processes_, list_, check_, completion_}) {
      command->footer(std::string(ExamplesOf(command->get_name())));
    }
    // Last, because commands inherit it.
    app_.formatter_fn([](const CLI::App*, const std::string&, CLI::AppFormatMode) {
      return std::string(HelpText());
    });
  }

  void Parse(std::vector<std::string> arguments) {
    if (const std::string wrong = CheckAddress(address_); !wrong.empty()) {
      const std::string text =
          fmt::format("procwall: PROCWALL_ADDRESS: {}\nSee `procwall --help`.\n", wrong);
      result_.command = PrintCommand{text, kUsage};
      return;
    }
    try {
      std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
      app_.parse(arguments);
      result_.address = address_.starts_with('/') ? "unix:" + address_ : address_;
      result_.command = Chosen();
      if (const std::string wrong = CheckTls(); AsksADaemon() && !wrong.empty()) {
        result_.command =
            PrintCommand{fmt::format("procwall: {}\nSee `procwall --help`.\n", wrong), kUsage};
      }
    } catch (const CLI::CallForHelp&) {
      result_.command = PrintCommand{app_.help(), kSuccess};
    } catch (const CLI::ParseError& error) {
      result_.command = PrintCommand{Complaint(error), kUsage};
    }
  }

 private:
  using Command = decltype(CommandLine::command);

  void AddGlobalOptions() {
    app_.add_option("--address", address_, "The daemon's socket")
        ->type_name("unix:PATH")
        ->check(CheckAddress);
    app_.add_option("--tls-ca", result_.tls.ca, "Who signs the daemon's certificate, over TCP")
        ->type_name("FILE");
    app_.add_option("--tls-cert", result_.tls.certificate, "Your certificate, over TCP")
        ->type_name("FILE");
    app_.add_option("--tls-key", result_.tls.key, "Its key")->type_name("FILE");
    app_.add_option("--color,--colour", result_.colour, "auto, always or never")
        ->type_name("WHEN")
        ->transform(CLI::Transformer(
            std::vector<std::pair<std::string, ColourChoice>>{{"auto", ColourChoice::kAuto},
                                                              {"always", ColourChoice::kAlways},
                                                              {"never", ColourChoice::kNever}}));
    app_.add_flag("--version", version_asked_, "The version of this program");
  }

  void AddAsk() {
    ask_ =
        app_.add_subcommand("ask", "Asks you about what no rule decides, and takes your answers.");
    AddJson(*ask_);
    notify_ = app_.add_subcommand(
        "notify", "Tells you on your desktop what is denied, and that questions wait.");
  }

  void AddDoctor() {
    doctor_ = app_.add_subcommand("doctor",
                                  "Says what this kernel and these privileges allow, what is "
                                  "uncertain because of it, and what would help.");
    AddJson(*doctor_);
  }

  void AddStatus() {
    status_ = app_.add_subcommand("status",
                                  "Shows what the daemon runs with, what it has counted, "
                                  "and what is wrong.");
    AddJson(*status_);
  }

  void AddConnections() {
    connections_ = app_.add_subcommand(
        "connections", "Shows every TCP, UDP and UDP-Lite socket of this host and who holds it.");
    AddJson(*connections_);
    connections_->add_flag("-l,--listening", connections_options_.listening_only,
                           "Only TCP listeners and UDP without a peer");
    auto* watch = connections_->add_flag("-w,--watch", connections_options_.watch,
                                         "What changes, with warnings, until Ctrl-C");
    connections_
        ->add_flag("--alerts", connections_options_.alerts_only,
                   "Of what changes, only what should be looked at")
        ->needs(watch);
    connections_
        ->add_flag("--learn", connections_options_.learn,
                   "Remember what listens: it is no news any more")
        ->needs(watch);
    auto* tcp = connections_->add_flag("-t,--tcp", tcp_, "Only TCP");
    connections_->add_flag("-u,--udp", udp_, "Only UDP and UDP-Lite")->excludes(tcp);
  }

  void AddProcesses() {
    processes_ = app_.add_subcommand(
        "processes",
        "Shows what processes do as it happens, until Ctrl-C: who started them, which "
        "program they run, how they end.");
    AddJson(*processes_);
    processes_
        ->add_option("--event", deeds_,
                     "Only exec, exit, fork or user; can be repeated\n(default: exec and exit)")
        ->type_name("EVENT")
        ->allow_extra_args(false)
        ->check(CLI::IsMember({"exec", "exit", "fork", "user"}).description(""));
    processes_
        ->add_option("--program", processes_options_.filter.program,
                     "Only this program: its path, or a part of it")
        ->type_name("PROGRAM");
    processes_
        ->add_option("--pid", processes_options_.filter.pids,
                     "Only this process and those that descend from it;\ncan be repeated")
        ->type_name("PID")
        ->allow_extra_args(false)
        ->check(CLI::Range(1, std::numeric_limits<int>::max()).description(""));
    processes_
        ->add_option("--uid", processes_options_.filter.uids,
                     "Only processes of this user, by number; can be repeated")
        ->type_name("UID")
        ->allow_extra_args(false)
        ->check(CLI::Range(std::uint32_t{0}, std::numeric_limits<std::uint32_t>::max())
                    .description(""));
    processes_->add_option("--count", processes_options_.count, "End after N of them")
        ->type_name("N")
        ->check(CLI::Range(std::uint64_t{1}, std::numeric_limits<std::uint64_t>::max())
                    .description(""));
  }

  void AddRules() {
    rules_ = app_.add_subcommand("rules", "Lists, checks, explains and changes rules.");
    list_ =
        rules_->add_subcommand("list", "Shows the rules in force and the files that are refused.");
    AddJson(*list_);
    check_ = rules_->add_subcommand("check", "Checks rule files, or all *.json of directories.");
    AddJson(*check_);
    check_->add_option("paths", paths_, "Files and directories")->type_name("PATH")->required();
    rules_grammar_.AddTo(*rules_);
  }

  void AddAbout() {
    completion_ = app_.add_subcommand("completion", "Prints a completion script.");
    completion_->add_option("shell", shell_, "bash, zsh or fish")
        ->required()
        ->type_name("SHELL")
        ->transform(CLI::Transformer(std::vector<std::pair<std::string, Shell>>{
            {"bash", Shell::kBash}, {"zsh", Shell::kZsh}, {"fish", Shell::kFish}}));
    completion_->add_option("program", completed_, "procwall (the default) or procwalld")
        ->type_name("PROGRAM")
        ->check(CLI::IsMember({"procwall", "procwalld"}).description(""));
    version_ = app_.add_subcommand("version", "Prints the version.");
    help_ = app_.add_subcommand("help", "Prints help.");
    help_->fallthrough(false);  // the names of commands are its arguments
    help_->add_option("command", help_about_, "A command")->expected(0, 2);
  }

  void AddJson(CLI::App& command) {
    command.add_flag("--json", json_, "For programs: one JSON object a line");
  }

  bool AsksADaemon() const {
    const auto& command = result_.command;
    return !std::holds_alternative<PrintCommand>(command) &&
           !std::holds_alternative<CompletionCommand>(command) &&
           !std::holds_alternative<VersionCommand>(command);
  }
  static bool IsUnix(const std::string& address) {
    return address.starts_with("unix:") || address.starts_with('/');
  }
  static bool IsTcp(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos || colon == 0) return false;
    const std::string port = address.substr(colon + 1);
    return !port.empty() && port.size() <= 5 &&
           port.find_first_not_of("0123456789") == std::string::npos;
  }
  // Over TCP nobody talks in the clear.
  std::string CheckTls() const {
    if (IsUnix(address_)) {
      if (result_.tls.IsEmpty()) return "";
      return "--tls-ca, --tls-cert and --tls-key are for an --address HOST:PORT";
    }
    if (result_.tls.IsWhole()) return "";
    return fmt::format("--address: '{}' is TCP, which needs --tls-ca, --tls-cert and --tls-key",
                       address_);
  }
  static std::string CheckAddress(const std::string& address) {
    const bool is_known = IsUnix(address) || IsTcp(address);
    return is_known ? "" : fmt::format("'{}' is not of the form unix:PATH or HOST:PORT", address);
  }

  Command Chosen() {
    const OutputForm form = json_ ? OutputForm::kJson : OutputForm::kText;
    if (version_asked_ || version_->parsed()) return VersionCommand{};
    if (help_->parsed()) return HelpAbout();
    if (watch_->parsed()) return With(form, watch_grammar_.Chosen());
    if (top_->parsed()) return With(form, top_grammar_.Chosen());
    if (explain_->parsed()) return With(form, explain_grammar_.Chosen());
    if (log_->parsed()) return With(form, log_grammar_.Chosen());
    if (flows_->parsed()) return Flows(form);
    if (ask_->parsed()) return AskOptions{form};
    if (notify_->parsed()) return NotifyCommand{};
    if (status_->parsed()) return StatusCommand{form};
    if (doctor_->parsed()) return DoctorCommand{form};
    if (connections_->parsed()) return Connections(form);
    if (processes_->parsed()) return Processes(form);
    if (completion_->parsed()) return CompletionCommand{shell_, completed_ == "procwalld"};
    if (list_->parsed()) return RulesListCommand{form};
    if (check_->parsed()) return RulesCheckCommand{form, paths_};
    if (auto command = rules_grammar_.Chosen()) return *std::move(command);
    return PrintCommand{(rules_->parsed() ? *rules_ : app_).help(), kUsage};
  }

  template <typename Options>
  static Options With(OutputForm form, Options options) {
    options.form = form;
    return options;
  }

  ConnectionsOptions Connections(OutputForm form) {
    ConnectionsOptions options = connections_options_;
    options.form = form;
    if (tcp_) options.protocols = ConnectionsOptions::Protocols::kTcp;
    if (udp_) options.protocols = ConnectionsOptions::Protocols::kUdp;
    return options;
  }

  Command Flows(OutputForm form) {
    if (!flows_grammar_.IsCut()) return With(form, flows_grammar_.Chosen());
    if (const std::string wrong = flows_grammar_.WrongCut(); !wrong.empty()) {
      return PrintCommand{fmt::format("procwall: {}\nSee `procwall flows cut --help`.\n", wrong),
                          kUsage};
    }
    return With(form, flows_grammar_.ChosenCut());
  }

  ProcessesOptions Processes(OutputForm form) {
    ProcessesOptions options = processes_options_;
    options.form = form;
    if (!deeds_.empty()) options.filter.deeds.clear();
    for (const std::string& deed : deeds_) options.filter.deeds.push_back(*DeedNamed(deed));
    return options;
  }

  PrintCommand HelpAbout() {
    CLI::App* about = &app_;
    for (const std::string& name : help_about_) {
      const auto named = about->get_subcommands(
          [&](const CLI::App* command) { return command->get_name() == name; });
      if (named.empty()) return {NoSuchCommandText(name), kUsage};
      about = named.front();
    }
    if (about == &app_) return {std::string(HelpText()), kSuccess};
    return {about->help("procwall"), kSuccess};
  }

  // What is wrong, and where the help for it is.
  std::string Complaint(const CLI::ParseError& error) {
    std::string command = "procwall";
    const CLI::App* deepest = &app_;
    while (!deepest->get_subcommands().empty()) {
      deepest = deepest->get_subcommands().back();
      command += " " + deepest->get_name();
    }
    const std::vector<std::string> extras = app_.remaining(true);
    const bool wants_command = deepest == &app_ || deepest == rules_;
    if (wants_command && !extras.empty() && !extras.front().starts_with('-')) {
      return NoSuchCommandText(extras.front());
    }
    return fmt::format("procwall: {}\nSee `{} --help`.\n", error.what(), command);
  }

  CommandLine& result_;
  CLI::App app_{"", "procwall"};
  WatchGrammar watch_grammar_;
  TopGrammar top_grammar_;
  ExplainGrammar explain_grammar_;
  LogGrammar log_grammar_;
  FlowsGrammar flows_grammar_;
  RulesGrammar rules_grammar_;
  CLI::App* watch_ = nullptr;
  CLI::App* top_ = nullptr;
  CLI::App* explain_ = nullptr;
  CLI::App* log_ = nullptr;
  CLI::App* flows_ = nullptr;
  CLI::App* ask_ = nullptr;
  CLI::App* notify_ = nullptr;
  CLI::App* status_ = nullptr;
  CLI::App* doctor_ = nullptr;
  CLI::App* connections_ = nullptr;
  CLI::App* processes_ = nullptr;
  CLI::App* rules_ = nullptr;
  CLI::App* list_ = nullptr;
  CLI::App* check_ = nullptr;
  CLI::App* completion_ = nullptr;
  CLI::App* version_ = nullptr;
  CLI::App* help_ = nullptr;

  std::string address_ = result_.address;
  bool version_asked_ = false;
  bool json_ = false;
  bool tcp_ = false;
  bool udp_ = false;
  ConnectionsOptions connections_options_;
  ProcessesOptions processes_options_;
  std::vector<std::string> deeds_;
  std::vector<std::string> paths_;
  Shell shell_ = Shell::kBash;
  std::string completed_ = "procwall";
  std::vector<std::string> help_about_;
};

}  // namespace

CommandLine ParseCommandLine(const std::vector<std::string>& arguments,
                             const EnvironmentLookup& environment) {
  CommandLine result;
  const char* address = environment("PROCWALL_ADDRESS");
  if (address != nullptr && *address != '\0') result.address = address;
  Grammar(result).Parse(arguments);
  return result;
}

}  // namespace procwall
