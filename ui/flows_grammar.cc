// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/flows_grammar.h"

#include <limits>

// Slow to compile: only the files of the command line include it.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "net/prefix.h"

namespace procwall {
namespace {

std::string CheckNetwork(const std::string& text) {
  if (Prefix::Parse(text)) return "";
  return fmt::format("'{}' is neither an address nor a network as 10.0.0.0/8", text);
}

}  // namespace

CLI::App* FlowsGrammar::AddTo(CLI::App& app) {
  CLI::App* flows = app.add_subcommand(
      "flows",
      "Shows every flow that the kernel tracks: its state, what it has moved, and whose it is.");
  AddFilter(*flows);
  auto* watch =
      flows->add_flag("-w,--watch", watch_, "As they begin, change and end, until Ctrl-C");
  flows->add_option("--count", count_, "With --watch: end after so many")
      ->type_name("N")
      ->needs(watch)
      ->check(
          CLI::Range(std::uint64_t{1}, std::numeric_limits<std::uint64_t>::max()).description(""));
  cut_ = flows->add_subcommand("cut", "Cuts the live flows that fit, and nothing else.");
  AddFilter(*cut_);
  cut_->add_flag("-y,--yes", yes_, "Do not ask");
  return flows;
}

void FlowsGrammar::AddFilter(CLI::App& command) {
  command.add_option("--program", program_, "Of this program: its path, or its last part")
      ->type_name("PROGRAM");
  command.add_option("--pid", pid_, "Of this process")
      ->type_name("PID")
      ->check(CLI::Range(1, std::numeric_limits<int>::max()).description(""));
  command.add_option("--protocol", protocol_, "tcp, udp, icmp, ...; tcp6: only over IPv6")
      ->type_name("NAME");
  command.add_option("--network", network_, "With this address, or in this network")
      ->type_name("IP[/N]")
      ->check(CheckNetwork);
  command.add_option("--port", port_, "With this port at the other side")
      ->type_name("PORT")
      ->check(CLI::Range(1, 65535).description(""));
  command.add_option("--host", host_, "With this host name, or one below it")->type_name("NAME");
  command.add_option("--rule", rule_, "Let through by this rule")->type_name("NAME");
  command.add_option("--id", id_, "This one")
      ->type_name("ID")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{0xffffffff}).description(""));
}

bool FlowsGrammar::IsCut() const { return cut_ != nullptr && cut_->parsed(); }

v1::FlowFilter FlowsGrammar::Filter() const {
  v1::FlowFilter filter;
  filter.set_program(program_);
  filter.set_pid(pid_);
  filter.set_protocol(protocol_);
  filter.set_address(network_);
  filter.set_port(port_);
  filter.set_host(host_);
  filter.set_rule(rule_);
  filter.set_id(id_);
  return filter;
}

FlowsOptions FlowsGrammar::Chosen() const {
  FlowsOptions options;
  options.filter = Filter();
  options.watch = watch_;
  options.count = count_;
  return options;
}

std::string FlowsGrammar::WrongCut() const {
  if (watch_) return "`procwall flows cut` does not watch";
  if (Filter().ByteSizeLong() > 0) return "";
  return "without a filter every flow would be cut: say which (--program, --host, --id, ...)";
}

FlowsCutOptions FlowsGrammar::ChosenCut() const {
  FlowsCutOptions options;
  options.filter = Filter();
  options.yes = yes_;
  return options;
}

}  // namespace procwall
