// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/command_line.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

// Slow to compile: nobody else includes it.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ui/event_words.h"
#include "ui/help_text.h"
#include "ui/rules_grammar.h"

namespace procwall {
namespace {

// The commands as CLI11 knows them, and the values their options go to.
class Grammar {
 public:
  explicit Grammar(CommandLine& result) : result_(result) {
    app_.fallthrough();
    app_.require_subcommand(0, 1);
    AddGlobalOptions();
    AddWatch();
    AddExplain();
    AddStatus();
    AddDoctor();
    AddConnections();
    AddRules();
    AddAbout();
    for (CLI::App* command :
         {watch_, explain_, status_, doctor_, connections_, list_, check_, completion_}) {
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
    app_.add_option("--color,--colour", result_.colour, "auto, always or never")
        ->type_name("WHEN")
        ->transform(CLI::Transformer(
            std::vector<std::pair<std::string, ColourChoice>>{{"auto", ColourChoice::kAuto},
                                                              {"always", ColourChoice::kAlways},
                                                              {"never", ColourChoice::kNever}}));
    app_.add_flag("--version", version_asked_, "The version of this program");
  }

  void AddWatch() {
    watch_ = app_.add_subcommand("watch", "Shows every decision as it happens, until Ctrl-C.");
    AddJson(*watch_);
    watch_
        ->add_option(
            "--recent", recent_,
            "Begin with the last N decisions, at most 4096\n(default: 10 on a terminal, else 0)")
        ->type_name("N")
        ->check(CLI::Range(0, 4096).description(""));
    watch_->add_option("--count", watch_options_.count, "End after N decisions")
        ->type_name("N")
        ->check(CLI::Range(std::uint64_t{1}, std::numeric_limits<std::uint64_t>::max())
                    .description(""));
    watch_
        ->add_option("--program", watch_options_.filter.program,
                     "Only this program: its path, or a part of it")
        ->type_name("PROGRAM");
    watch_->add_option("--action", actions_, "Only allow, deny or reject; can be repeated")
        ->type_name("ACTION")
        ->allow_extra_args(false)
        ->check(CLI::IsMember({"allow", "deny", "reject"}).description(""));
    watch_
        ->add_option("--destination", destination_,
                     "Only to HOST (and names below it), IP,\nHOST:PORT, [IP6]:PORT or :PORT")
        ->type_name("WHERE")
        ->check(CheckDestination);
    watch_->add_flag(
        "-e,--evidence", evidence_,
        "Below each decision: its number, how the program was\nfound, its command line, and who "
        "started it");
    watch_->add_flag("-n,--number", number_, "Begin each line with the number for `explain`");
  }

  void AddExplain() {
    explain_ = app_.add_subcommand(
        "explain", "Explains who a decision or a connection belongs to, and how that is known.");
    AddJson(*explain_);
    auto* event = explain_->add_option("event", explained_,
                                       "The number of a decision (`watch --number`), or last");
    event->type_name("EVENT")->check(CheckEvent);
    auto* pid = explain_->add_option("--pid", explained_pid_, "The last decision on this process");
    pid->type_name("PID")->check(CLI::Range(1, std::numeric_limits<int>::max()).description(""));
    auto* from = explain_->add_option("--from", from_, "A connection's end on this host");
    auto* to = explain_->add_option("--to", to_, "Its other end");
    for (CLI::Option* end : {from, to}) {
      end->type_name("IP:PORT")->check(CheckEndpoint)->excludes(event)->excludes(pid);
    }
    from->needs(to);
    to->needs(from);
    pid->excludes(event);
    explain_->add_option("--protocol", explained_protocol_, "Of the connection (default: tcp)")
        ->type_name("NAME")
        ->needs(from)
        ->check(CLI::IsMember({"tcp", "udp", "udplite", "sctp", "dccp"}).description(""));
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
    auto* tcp = connections_->add_flag("-t,--tcp", tcp_, "Only TCP");
    connections_->add_flag("-u,--udp", udp_, "Only UDP and UDP-Lite")->excludes(tcp);
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
    version_ = app_.add_subcommand("version", "Prints the version.");
    help_ = app_.add_subcommand("help", "Prints help.");
    help_->fallthrough(false);  // the names of commands are its arguments
    help_->add_option("command", help_about_, "A command")->expected(0, 2);
  }

  void AddJson(CLI::App& command) {
    command.add_flag("--json", json_, "For programs: one JSON object a line");
  }

  static std::string CheckAddress(const std::string& address) {
    const bool is_path = address.starts_with("unix:") || address.starts_with('/');
    return is_path ? "" : fmt::format("'{}' is not of the form unix:PATH", address);
  }

  static std::string CheckDestination(const std::string& text) {
    if (ParseWantedDestination(text)) return "";
    return fmt::format("'{}' is neither HOST, IP, HOST:PORT, [IP6]:PORT nor :PORT", text);
  }

  static std::string CheckEvent(const std::string& text) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = read.ec == std::errc() && read.ptr == text.data() + text.size();
    if (text == "last" || (is_number && number > 0)) return "";
    return fmt::format("'{}' is neither the number of a decision nor last", text);
  }

  static std::string CheckEndpoint(const std::string& text) {
    const auto end = ParseWantedDestination(text);
    if (end && end->address && end->port) return "";
    return fmt::format("'{}' is neither IP:PORT nor [IP6]:PORT", text);
  }

  Command Chosen() {
    const OutputForm form = json_ ? OutputForm::kJson : OutputForm::kText;
    if (version_asked_ || version_->parsed()) return VersionCommand{};
    if (help_->parsed()) return HelpAbout();
    if (watch_->parsed()) return Watch(form);
    if (explain_->parsed()) return Explain(form);
    if (status_->parsed()) return StatusCommand{form};
    if (doctor_->parsed()) return DoctorCommand{form};
    if (connections_->parsed()) return Connections(form);
    if (completion_->parsed()) return CompletionCommand{shell_};
    if (list_->parsed()) return RulesListCommand{form};
    if (check_->parsed()) return RulesCheckCommand{form, paths_};
    if (auto command = rules_grammar_.Chosen()) return *std::move(command);
    return PrintCommand{(rules_->parsed() ? *rules_ : app_).help(), kUsage};
  }

  WatchOptions Watch(OutputForm form) {
    WatchOptions options = watch_options_;
    options.form = form;
    options.recent = recent_;
    options.evidence = evidence_ ? ShowEvidence::kAlways : ShowEvidence::kIfRoom;
    options.number = number_ ? ShowNumber::kAlways : ShowNumber::kWithEvidence;
    for (const std::string& action : actions_) {
      options.filter.actions.push_back(*ActionNamed(action));  // IsMember has checked it
    }
    if (!destination_.empty()) options.filter.destination = ParseWantedDestination(destination_);
    return options;
  }

  // Everything has been checked.
  ExplainOptions Explain(OutputForm form) const {
    ExplainOptions options{.form = form, .request = {}};
    if (!explained_.empty() && explained_ != "last") {
      options.request.set_sequence(std::stoull(explained_));
    }
    if (explained_pid_ != 0) options.request.set_pid(explained_pid_);
    if (from_.empty()) return options;
    const auto from = ParseWantedDestination(from_);
    const auto to = ParseWantedDestination(to_);
    v1::ConnectionEnds& ends = *options.request.mutable_connection();
    ends.set_protocol(explained_protocol_);
    ends.set_local_ip(from->address->ToString());
    ends.set_local_port(*from->port);
    ends.set_remote_ip(to->address->ToString());
    ends.set_remote_port(*to->port);
    return options;
  }

  ConnectionsOptions Connections(OutputForm form) {
    ConnectionsOptions options = connections_options_;
    options.form = form;
    if (tcp_) options.protocols = ConnectionsOptions::Protocols::kTcp;
    if (udp_) options.protocols = ConnectionsOptions::Protocols::kUdp;
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
  CLI::App* watch_ = nullptr;
  CLI::App* explain_ = nullptr;
  CLI::App* status_ = nullptr;
  CLI::App* doctor_ = nullptr;
  CLI::App* connections_ = nullptr;
  CLI::App* rules_ = nullptr;
  RulesGrammar rules_grammar_;
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
  std::optional<std::uint32_t> recent_;
  WatchOptions watch_options_;
  ConnectionsOptions connections_options_;
  std::vector<std::string> actions_;
  std::string destination_;
  bool evidence_ = false;
  bool number_ = false;
  std::string explained_;
  std::int32_t explained_pid_ = 0;
  std::string explained_protocol_ = "tcp";
  std::string from_;
  std::string to_;
  std::vector<std::string> paths_;
  Shell shell_ = Shell::kBash;
  std::vector<std::string> help_about_;
};

}  // namespace

CommandLine ParseCommandLine(const std::vector<std::string>& arguments,
                             const Environment& environment) {
  CommandLine result;
  const char* address = environment("PROCWALL_ADDRESS");
  if (address != nullptr && *address != '\0') result.address = address;
  Grammar(result).Parse(arguments);
  return result;
}

}  // namespace procwall
