// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/asked_packet.h"

#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "rules/accounts.h"
#include "ui/event_filter.h"
#include "ui/moment.h"

namespace procwall {
namespace {

std::optional<Uid> ParseUser(const std::string& user) {
  Uid uid = 0;
  const char* const end = user.data() + user.size();
  const auto parsed = std::from_chars(user.data(), end, uid);
  if (parsed.ec == std::errc() && parsed.ptr == end) return uid;
  return SystemAccounts().FindUser(user);
}

std::optional<Direction> ParseDirection(std::string_view name) {
  for (const Direction direction :
       {Direction::kOutgoing, Direction::kIncoming, Direction::kForwarded}) {
    if (name == DirectionName(direction)) return direction;
  }
  return std::nullopt;
}

// What an end has that nobody told: an address of the family of the other one.
IpAddress Unspecified(const std::optional<IpAddress>& other) {
  return other && !other->IsV4() ? IpAddress::V6({}) : IpAddress();
}

// The two ends; else what is wrong with them.
std::optional<std::string> SetEnds(const RulesWhyOptions& options, const WantedDestination& to,
                                   Connection& connection) {
  WantedDestination from;
  if (!options.source.empty()) {
    const auto source = ParseWantedDestination(options.source);
    if (!source || !source->host.empty()) {
      return "--source: \"" + options.source + "\" is no IP or IP:PORT";
    }
    from = *source;
  }
  if (from.address && to.address && from.address->Family() != to.address->Family()) {
    return "--source and --to: one is IPv4, the other is IPv6";
  }
  const Endpoint source{from.address.value_or(Unspecified(to.address)), from.port.value_or(0)};
  const Endpoint destination{to.address.value_or(Unspecified(from.address)), to.port.value_or(0)};
  const bool is_incoming = connection.direction == Direction::kIncoming;
  connection.local = is_incoming ? destination : source;
  connection.remote = is_incoming ? source : destination;
  return std::nullopt;
}

std::vector<Process> DescribedProcesses(const RulesWhyOptions& options, std::optional<Uid> uid) {
  if (options.program.empty() && options.command.empty() && options.parent.empty()) return {};
  Process process;
  process.id.pid = 1;
  process.path = options.program;
  process.uid = uid.value_or(0);
  // Rules compare the arguments joined by blanks: one that is the whole line is the same to them.
  if (!options.command.empty()) process.args = {options.command};
  if (!options.parent.empty()) {
    process.ancestors = SharedList<Ancestor>({{.pid = 1, .path = options.parent}});
  }
  return {process};
}

}  // namespace

Subject AskedPacket::AsSentBy(const Process* process) const {
  Subject subject = situation.AsSentBy(process);
  subject.in_interface = in_interface;
  subject.out_interface = out_interface;
  return subject;
}

tl::expected<AskedPacket, std::string> DescribedPacket(const RulesWhyOptions& options,
                                                       WallTime now) {
  AskedPacket packet;
  Situation& situation = packet.situation;
  Connection& connection = situation.connection;
  const auto to = ParseWantedDestination(options.to);
  if (!to) return tl::unexpected("--to: \"" + options.to + "\" is no HOST:PORT or IP:PORT");
  const auto protocol = ParseProtocolName(options.protocol);
  if (!protocol) return tl::unexpected("--protocol: \"" + options.protocol + "\" is not known");
  const auto direction = ParseDirection(options.direction);
  if (!direction) return tl::unexpected("--direction: \"" + options.direction + "\" is not known");
  connection.protocol = *protocol;
  connection.direction = *direction;
  if (auto wrong = SetEnds(options, *to, connection)) return tl::unexpected(*std::move(wrong));
  situation.host = options.host.empty() ? to->host : options.host;
  situation.sni = options.sni;
  if (!options.user.empty()) {
    connection.uid = ParseUser(options.user);
    if (!connection.uid) return tl::unexpected("--user: there is no user " + options.user);
  }
  situation.processes = DescribedProcesses(options, connection.uid);
  situation.now = now;
  if (!options.at.empty()) {
    const auto at = ParseMoment(options.at, std::chrono::floor<std::chrono::seconds>(now));
    if (!at) return tl::unexpected("--at: " + at.error());
    situation.now = *at;
  }
  packet.in_interface = options.in_interface;
  packet.out_interface = options.out_interface;
  return packet;
}

Decision Decide(const RuleSet& rules, const AskedPacket& packet) {
  const std::vector<Process>& processes = packet.situation.processes;
  if (processes.empty()) return rules.Decide(packet.AsSentBy(nullptr));
  std::vector<Decision> decisions;
  decisions.reserve(processes.size());
  for (const Process& process : processes) {
    decisions.push_back(rules.Decide(packet.AsSentBy(&process)));
  }
  return Strictest(decisions);
}

std::vector<std::string> UntoldOperands(const FactsNeeded& needs, const AskedPacket& packet) {
  FactsNeeded untold = needs;
  if (!packet.in_interface.empty() || !packet.out_interface.empty()) untold.interfaces = false;
  return UntoldOperands(untold, packet.situation);
}

}  // namespace procwall
