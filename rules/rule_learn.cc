// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_learn.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "net/prefix.h"
#include "rules/pattern.h"

namespace procwall {
namespace {

constexpr std::size_t kAddressesOfANetwork = 3;

Operator MakeOperator(std::string type, std::string operand, std::string data) {
  return {.type = std::move(type), .operand = std::move(operand), .data = std::move(data)};
}

// One condition that any of the texts fulfils.
Operator AnyOf(const std::string& operand, const std::set<std::string>& texts) {
  if (texts.size() == 1) return MakeOperator("simple", operand, *texts.begin());
  std::vector<std::string> quoted;
  quoted.reserve(texts.size());
  for (const std::string& text : texts) quoted.push_back(Pattern::Quoted(text));
  return MakeOperator("regexp", operand, fmt::format("^({})$", fmt::join(quoted, "|")));
}

// What one program did with one protocol and port.
struct SeenTraffic {
  std::set<std::string> hosts;
  std::set<IpAddress> addresses;  // that have no name
  std::set<Uid> users;
  std::size_t events = 0;
};
using SeenKey = std::tuple<std::string, Direction, std::string, Port>;  // path, ..., protocol, port

// A set of destinations as a condition (none: all), and what it permits beyond what was seen.
struct Destinations {
  std::vector<Operator> conditions;
  std::vector<std::string> newly_permits;
};

// "a.b.example.org" -> "example.org". Names of two short parts at the end ("co.uk") keep three.
std::string DomainOf(const std::string& host) {
  const auto part = [&](std::size_t end) {
    const std::size_t dot = end == 0 ? std::string::npos : host.rfind('.', end - 1);
    return dot == std::string::npos ? 0 : dot;
  };
  const std::size_t last = part(host.size());
  if (last == 0) return host;
  std::size_t start = part(last);
  const bool is_country = host.size() - last == 3 && last - start <= 4;
  if (is_country && start != 0) start = part(start);
  return start == 0 ? host : host.substr(start + 1);
}

void AddHosts(const std::set<std::string>& hosts, Destinations& into) {
  if (hosts.empty()) return;
  std::map<std::string, std::set<std::string>> domains;
  for (const std::string& host : hosts) domains[DomainOf(host)].insert(host);
  std::set<std::string> single;
  std::vector<std::string> patterns;
  for (const auto& [domain, names] : domains) {
    if (names.size() == 1) {
      single.insert(*names.begin());
      patterns.push_back(Pattern::Quoted(*names.begin()));
      continue;
    }
    patterns.push_back("(.*\\.)?" + Pattern::Quoted(domain));
    into.newly_permits.push_back(
        fmt::format("{} and every name below it (seen: {})", domain, fmt::join(names, ", ")));
  }
  if (single.size() == domains.size()) return into.conditions.push_back(AnyOf("dest.host", single));
  into.conditions.push_back(
      MakeOperator("regexp", "dest.host", fmt::format("^({})$", fmt::join(patterns, "|"))));
}

void AddAddresses(const std::set<IpAddress>& addresses, Destinations& into) {
  std::map<std::string, std::set<std::string>> networks;
  for (const IpAddress& address : addresses) {
    const auto network = Prefix::Create(address, address.IsV4() ? 24 : 64);
    networks[network->ToString()].insert(address.ToString());
  }
  std::set<std::string> single;
  for (auto& [network, members] : networks) {
    if (members.size() < kAddressesOfANetwork) {
      single.merge(members);
      continue;
    }
    into.conditions.push_back(MakeOperator("network", "dest.network", network));
    into.newly_permits.push_back(
        fmt::format("every address in {} (seen: {})", network, fmt::join(members, ", ")));
  }
  if (!single.empty()) into.conditions.push_back(AnyOf("dest.ip", single));
}

Destinations Generalise(const SeenKey& key, const SeenTraffic& seen, std::size_t most) {
  if (std::get<Direction>(key) == Direction::kIncoming) return {{}, {"connections from anywhere"}};
  Destinations destinations;
  AddHosts(seen.hosts, destinations);
  AddAddresses(seen.addresses, destinations);
  const std::size_t count = seen.hosts.size() + seen.addresses.size();
  const bool is_one_network = destinations.conditions.size() == 1 && seen.hosts.empty();
  if (count <= most || is_one_network) return destinations;
  return {{}, {fmt::format("every destination ({} were seen)", count)}};
}

// A rule that is being made: ports are gathered for one and the same rest.
struct Gathered {
  std::set<Port> ports;
  std::set<Uid> users;
  std::set<std::string> newly_permits;
  std::size_t events = 0;
};
struct Rest {
  std::string path;
  Direction direction;
  std::string protocol;
  std::string type;  // of the condition on the destination; empty: all
  std::string operand;
  std::string data;

  // NOLINTNEXTLINE(modernize-use-nullptr): takes the comparison's own 0 for a null pointer
  friend auto operator<=>(const Rest&, const Rest&) = default;
};

bool IsInterpreter(std::string_view name) {
  constexpr std::array<std::string_view, 10> kNames = {"python", "perl", "ruby", "node", "java",
                                                       "bash",   "dash", "php",  "lua",  "zsh"};
  return name == "sh" || std::any_of(kNames.begin(), kNames.end(), [&](std::string_view known) {
           return name.starts_with(known);
         });
}

std::string ProgramName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Operator ConditionOf(const Rest& rest, const Gathered& gathered, std::size_t most,
                     std::vector<std::string>& newly_permits) {
  Operator program = MakeOperator("simple", "process.path", rest.path);
  program.sensitive = true;
  std::vector<Operator> all{std::move(program)};
  all.push_back(MakeOperator("regexp", "protocol", "^" + Pattern::Quoted(rest.protocol) + "6?$"));
  if (rest.direction != Direction::kOutgoing) {
    all.push_back(MakeOperator("simple", "direction", DirectionName(rest.direction)));
  }
  if (!rest.type.empty()) all.push_back(MakeOperator(rest.type, rest.operand, rest.data));
  std::set<std::string> ports;
  for (const Port port : gathered.ports) ports.insert(std::to_string(port));
  if (ports.size() > most) {
    newly_permits.push_back(fmt::format("every port ({} were seen)", ports.size()));
  } else if (*gathered.ports.begin() != 0) {
    all.push_back(AnyOf("dest.port", ports));
  }
  return {.type = "list", .operand = "list", .list = std::move(all)};
}

LearnedRule RuleOf(const Rest& rest, const Gathered& gathered, std::size_t most) {
  LearnedRule learned{{}, gathered.events, {}};
  learned.newly_permits.assign(gathered.newly_permits.begin(), gathered.newly_permits.end());
  learned.rule = {.name = fmt::format("learned-{}-{}", ProgramName(rest.path), rest.protocol),
                  .enabled = true,
                  .action = RuleAction::kAllow,
                  .op = ConditionOf(rest, gathered, most, learned.newly_permits)};
  if (IsInterpreter(ProgramName(rest.path))) {
    learned.newly_permits.push_back("every script that " + rest.path + " runs");
  }
  learned.newly_permits.push_back(
      fmt::format("every user (seen: {})", fmt::join(gathered.users, ", ")));
  return learned;
}

// "tcp6" -> "tcp": a rule holds for both families.
std::string ProtocolOf(const Connection& connection) {
  return ProtocolName(connection.protocol, IpFamily::kV4);
}

}  // namespace

Learned LearnRules(const std::vector<RecordedEvent>& events, std::size_t most_destinations) {
  Learned learned;
  std::map<SeenKey, SeenTraffic> all_seen;
  for (const RecordedEvent& event : events) {
    if (event.action != RuleAction::kAllow || !event.was_judged) continue;
    const auto& processes = event.situation.processes;
    if (processes.size() != 1 || processes[0].path.empty()) {
      ++learned.unknown;
      continue;
    }
    const Connection& connection = event.situation.connection;
    const Endpoint& destination = connection.Destination();
    SeenTraffic& seen = all_seen[{processes[0].path, connection.direction, ProtocolOf(connection),
                                  destination.port}];
    ++seen.events;
    seen.users.insert(connection.uid.value_or(processes[0].uid));
    if (!event.situation.host.empty()) {
      seen.hosts.insert(event.situation.host);
    } else {
      seen.addresses.insert(destination.address);
    }
  }

  std::map<Rest, Gathered> rests;
  for (const auto& [key, seen] : all_seen) {
    Destinations destinations = Generalise(key, seen, most_destinations);
    if (destinations.conditions.empty()) destinations.conditions.emplace_back();  // all of them
    for (const Operator& op : destinations.conditions) {
      const auto& [path, direction, protocol, port] = key;
      Gathered& gathered = rests[{path, direction, protocol, op.type, op.operand, op.data}];
      gathered.ports.insert(port);
      gathered.users.insert(seen.users.begin(), seen.users.end());
      gathered.newly_permits.insert(destinations.newly_permits.begin(),
                                    destinations.newly_permits.end());
      gathered.events += seen.events;
    }
  }
  std::map<std::string, std::size_t> names;
  for (const auto& [rest, gathered] : rests) {
    learned.rules.push_back(RuleOf(rest, gathered, most_destinations));
    std::string& name = learned.rules.back().rule.name;
    if (const std::size_t number = ++names[name]; number > 1) name += fmt::format("-{}", number);
  }
  std::sort(learned.rules.begin(), learned.rules.end(),
            [](const auto& a, const auto& b) { return a.rule.name < b.rule.name; });
  return learned;
}

}  // namespace procwall
