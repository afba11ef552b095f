// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/explain_grammar.h"

#include <charconv>
#include <limits>

// Slow to compile: only the files of the command line include it.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ui/event_filter.h"

namespace procwall {
namespace {

std::string CheckEvent(const std::string& text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = read.ec == std::errc() && read.ptr == text.data() + text.size();
  if (text == "last" || (is_number && number > 0)) return "";
  return fmt::format("'{}' is neither the number of a decision nor last", text);
}

std::string CheckEndpoint(const std::string& text) {
  const auto end = ParseWantedDestination(text);
  if (end && end->address && end->port) return "";
  return fmt::format("'{}' is neither IP:PORT nor [IP6]:PORT", text);
}

}  // namespace

CLI::App* ExplainGrammar::AddTo(CLI::App& app) {
  CLI::App* explain = app.add_subcommand(
      "explain", "Explains who a decision or a connection belongs to, and how that is known.");
  auto* event =
      explain->add_option("event", event_, "The number of a decision (`watch --number`), or last");
  event->type_name("EVENT")->check(CheckEvent);
  auto* pid = explain->add_option("--pid", pid_, "The last decision on this process");
  pid->type_name("PID")->check(CLI::Range(1, std::numeric_limits<int>::max()).description(""));
  auto* from = explain->add_option("--from", from_, "A connection's end on this host");
  auto* to = explain->add_option("--to", to_, "Its other end");
  for (CLI::Option* end : {from, to}) {
    end->type_name("IP:PORT")->check(CheckEndpoint)->excludes(event)->excludes(pid);
  }
  from->needs(to);
  to->needs(from);
  pid->excludes(event);
  explain->add_option("--protocol", protocol_, "Of the connection (default: tcp)")
      ->type_name("NAME")
      ->needs(from)
      ->check(CLI::IsMember({"tcp", "udp", "udplite", "sctp", "dccp"}).description(""));
  return explain;
}

// Everything has been checked.
ExplainOptions ExplainGrammar::Chosen() const {
  ExplainOptions options;
  if (!event_.empty() && event_ != "last") options.request.set_sequence(std::stoull(event_));
  if (pid_ != 0) options.request.set_pid(pid_);
  if (from_.empty()) return options;
  const auto from = ParseWantedDestination(from_);
  const auto to = ParseWantedDestination(to_);
  v1::ConnectionEnds& ends = *options.request.mutable_connection();
  ends.set_protocol(protocol_);
  ends.set_local_ip(from->address->ToString());
  ends.set_local_port(*from->port);
  ends.set_remote_ip(to->address->ToString());
  ends.set_remote_port(*to->port);
  return options;
}

}  // namespace procwall
