// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/options.h"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>

#include "daemon/config.h"

namespace procwall {
namespace {

constexpr const char* kExplanation =
    "procwalld holds the first packet of each connection, finds out which program sent it, judges "
    "it by rule\n"
    "files, answers the kernel and tells every UI what happened and how it knows.";

constexpr const char* kExamples =
    "Flags may be written with one dash or two, as opensnitchd takes them; they beat the "
    "configuration file.\n"
    "\n"
    "Examples:\n"
    "  procwalld                                  guard this host by /etc/procwall\n"
    "  procwalld -observe                         judge and report, but let everything pass\n"
    "  procwalld -rules-path /etc/opensnitchd/rules -config-file "
    "/etc/opensnitchd/default-config.json\n"
    "                                             take over from opensnitchd\n"
    "  procwall watch                             see what it decides (another terminal)";

// "-rules-path" -> "--rules-path": Go's flag package knows no difference, CLI11 does.
void UseTwoDashes(std::vector<std::string>& arguments) {
  for (std::string& argument : arguments) {
    if (argument == "--") break;
    if (argument.size() > 2 && argument[0] == '-' && argument[1] != '-') argument.insert(0, "-");
  }
}

// opensnitchd's flags that have no meaning here yet: taken, so that its unit files go on working.
void AcceptForeignFlags(CLI::App& app) {
  for (const char* name : {"--process-monitor-method", "--workers", "--fw-config-file",
                           "--cpu-profile", "--mem-profile", "--trace-file"}) {
    app.add_option(name)->group("Accepted for opensnitchd's sake, without effect");
  }
  for (const char* name : {"--log-utc", "--log-micro"}) {
    app.add_flag(name)->group("Accepted for opensnitchd's sake, without effect");
  }
}

void AddLevel(CLI::App& app, Options& options, const char* name, LogLevel level) {
  app.add_flag_callback(
         name, [&options, level] { options.log_level = level; }, "Log from this level on")
      ->group("Logging");
}

}  // namespace

tl::expected<Options, UsageExit> ParseOptions(std::vector<std::string> arguments) {
  Options options;
  CLI::App app(kExplanation, "procwalld");
  app.footer(kExamples);
  app.get_formatter()->column_width(34);
  app.add_option("--config-file", options.config_file,
                 std::string("Configuration, OpenSnitch's format [") + kDefaultConfigFile + "]");
  app.add_option("--rules-path", options.rules_directory,
                 "Directory of rule files [/etc/procwall/rules]");
  app.add_option("--queue-num", options.queue_number, "NFQUEUE number [0]");
  app.add_option("--api-address", options.api_address,
                 "Where UIs connect [unix:/run/procwall/procwall.sock]");
  app.add_option("--ui-socket", options.ui_socket,
                 "Where OpenSnitch's GUI listens, or none [unix:///tmp/osui.sock]");
  app.add_option("--default-action", options.default_action,
                 "When no rule matches: allow, deny or reject")
      ->check(CLI::IsMember({"allow", "deny", "reject"}))
      ->type_name("ACTION");
  app.add_option("--firewall", options.firewall,
                 "What feeds the queue: auto, nft, iptables-legacy, iptables-nft, or none")
      ->check(CLI::IsMember({"auto", "nft", "iptables-legacy", "iptables-nft", "none"}))
      ->type_name("KIND");
  app.add_option("--queue-bypass", options.queue_bypass,
                 "Let packets pass while no daemon runs [true]")
      ->type_name("BOOL");
  app.add_option("--witness", options.witness,
                 "The kernel witness (BPF): auto, as far as this kernel allows, or off [auto]")
      ->check(CLI::IsMember({"auto", "off"}))
      ->type_name("HOW");
  app.add_option("--journal", options.journal,
                 "File that keeps what was decided, or off [/var/lib/procwall/journal.db]");
  app.add_flag("--forwarded", options.forwarded,
               "Judge what this host forwards, too (containers, virtual machines)");
  app.add_flag("--observe", options.observe, "Judge and report, but accept everything");
  app.add_flag("--no-live-reload", options.no_live_reload,
               "Do not follow changes of the rule files");
  app.add_option("--log-file", options.log_file, "Log to this file instead of stderr")
      ->group("Logging");
  AddLevel(app, options, "--debug", LogLevel::kDebug);
  AddLevel(app, options, "--info", LogLevel::kInfo);
  AddLevel(app, options, "--important", LogLevel::kImportant);
  AddLevel(app, options, "--warning", LogLevel::kWarning);
  AddLevel(app, options, "--error", LogLevel::kError);
  app.add_flag("--version", options.show_version, "Print the version and end");
  app.add_flag("--check-requirements", options.check_requirements,
               "Say whether this kernel and these privileges suffice, and end");
  app.add_flag("--remove-firewall", options.remove_firewall,
               "Remove the firewall rules that a killed or failed daemon left, and end");
  AcceptForeignFlags(app);

  UseTwoDashes(arguments);
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them last first
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    return tl::unexpected(UsageExit{app.help(), 0});
  } catch (const CLI::ParseError& error) {
    return tl::unexpected(
        UsageExit{std::string("procwalld: ") + error.what() + "\nTry: procwalld --help\n", 2});
  }
  return options;
}

}  // namespace procwall
