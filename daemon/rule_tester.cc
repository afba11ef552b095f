// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_tester.h"

#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/printable.h"
#include "daemon/judgement.h"
#include "daemon/judgement_message.h"
#include "daemon/remembered_event.h"
#include "daemon/rule_replay.h"
#include "rules/list_store.h"
#include "rules/recorded_event.h"
#include "rules/situation.h"

namespace procwall {
namespace {

constexpr int kMostAlternatives = 64;

tl::unexpected<ExplainRefusal> Invalid(std::string what) {
  return tl::unexpected(ExplainRefusal{ExplainRefusal::Kind::kInvalid, std::move(what)});
}

// An empty address is one that is not told.
std::optional<Endpoint> ToldEndpoint(const std::string& address, std::uint32_t port) {
  Endpoint endpoint;
  if (port > 0xffff) return std::nullopt;
  endpoint.port = static_cast<Port>(port);
  if (address.empty()) return endpoint;
  const auto parsed = IpAddress::Parse(address);
  if (!parsed) return std::nullopt;
  endpoint.address = *parsed;
  return endpoint;
}

// The end that is not told is of the family of the other one.
void MatchFamilies(const std::string& told, const Endpoint& other, Endpoint& endpoint) {
  if (told.empty() && !other.address.IsV4()) endpoint.address = IpAddress::V6({});
}

ProcessPtr ProcessOf(const v1::Process& message) {
  auto process = std::make_shared<Process>();
  process->id = {message.pid(), message.start_time()};
  process->parent_pid = message.parent_pid();
  process->uid = message.uid();
  process->path = Unprintable(message.path());
  process->path_is_deleted = message.path_is_deleted();
  process->executed_by_descriptor = message.by_descriptor();
  process->script = Unprintable(message.script());
  process->container = Unprintable(message.container());
  process->unit = Unprintable(message.unit());
  process->working_directory = Unprintable(message.working_directory());
  std::vector<std::string> args;
  for (const std::string& arg : message.args()) args.push_back(Unprintable(arg));
  process->args = SharedList<std::string>(std::move(args));
  std::vector<Ancestor> ancestors;
  for (const v1::Ancestor& ancestor : message.ancestors()) {
    if (ancestors.size() == kMaxAncestors) break;
    ancestors.push_back({ancestor.pid(), Unprintable(ancestor.path())});
  }
  process->ancestors = SharedList<Ancestor>(std::move(ancestors));
  return process;
}

Confidence ConfidenceOf(const v1::Event& event) {
  switch (event.confidence()) {
    case v1::CONFIDENCE_CERTAIN:
      return Confidence::kCertain;
    case v1::CONFIDENCE_LIKELY:
      return Confidence::kLikely;
    case v1::CONFIDENCE_AMBIGUOUS:
      return Confidence::kAmbiguous;
    case v1::CONFIDENCE_UNKNOWN:
      return Confidence::kUnknown;
    default:
      return event.has_process() ? Confidence::kCertain : Confidence::kUnknown;
  }
}

}  // namespace

tl::expected<SupposedPacket, ExplainRefusal> SupposedBy(const v1::Event& event) {
  SupposedPacket packet;
  Connection& connection = packet.connection;
  const std::string protocol = event.protocol().empty() ? "tcp" : event.protocol();
  const auto known = ParseProtocolName(protocol);
  if (!known) return Invalid(fmt::format("\"{}\" is no protocol", Printable(protocol)));
  connection.protocol = *known;
  for (const Direction direction : {Direction::kIncoming, Direction::kForwarded}) {
    if (event.direction() == DirectionName(direction)) connection.direction = direction;
  }
  auto source = ToldEndpoint(event.src_ip(), event.src_port());
  auto destination = ToldEndpoint(event.dst_ip(), event.dst_port());
  if (!source || !destination) {
    return Invalid("src_ip and dst_ip are IP addresses, src_port and dst_port 0 to 65535");
  }
  MatchFamilies(event.src_ip(), *destination, *source);
  MatchFamilies(event.dst_ip(), *source, *destination);
  const bool is_incoming = connection.direction == Direction::kIncoming;
  connection.local = is_incoming ? *destination : *source;
  connection.remote = is_incoming ? *source : *destination;
  connection.in_ifindex = event.in_interface();
  connection.out_ifindex = event.out_interface();
  if (event.has_uid()) connection.uid = event.uid();
  if (event.has_process()) packet.attribution.processes.push_back(ProcessOf(event.process()));
  for (const v1::Process& other : event.alternatives()) {
    if (packet.attribution.processes.size() > kMostAlternatives) break;
    packet.attribution.processes.push_back(ProcessOf(other));
  }
  if (event.has_creator()) packet.attribution.creator = ProcessOf(event.creator());
  packet.attribution.confidence = ConfidenceOf(event);
  packet.host = Unprintable(event.dst_host());
  packet.sni = Unprintable(event.dst_sni());
  return packet;
}

tl::expected<v1::TestRulesResponse, ExplainRefusal> RuleTester::Test(
    const v1::TestRulesRequest& request) const {
  if (request.has_event() == (request.sequence() != 0)) {
    return Invalid("either an event or the number of a decision is tested");
  }
  if (request.has_event()) {
    const auto packet = SupposedBy(request.event());
    if (!packet) return tl::unexpected(packet.error());
    return TestWith(*packet, {});
  }
  const auto event = RememberedEvent(parts_.events, request.sequence());
  if (!event) return tl::unexpected(event.error());
  if (!(*event)->connection) return Invalid("no rule was asked about that packet");
  const SupposedPacket packet{*(*event)->connection, (*event)->attribution, (*event)->host,
                              (*event)->sni};
  return TestWith(packet, FactsOf(packet));
}

tl::expected<v1::ReplayRulesResponse, ExplainRefusal> RuleTester::Replay(
    const v1::ReplayRulesRequest& request) const {
  const auto in_force = parts_.rules.Copy();
  References references;
  references.aliases = parts_.aliases;
  references.lists = std::make_shared<ListStore>(::geteuid());
  return ReplayRules(request, {.events = parts_.events,
                               .in_force = *in_force,
                               .references = std::move(references),
                               .default_action = parts_.default_action,
                               .now = {parts_.clock.Now(), parts_.clock.WallNow()}});
}

PacketsFacts RuleTester::FactsOf(const SupposedPacket& packet) const {
  const auto rules = parts_.rules.Copy();
  if (parts_.facts == nullptr || !AsksBeyondDescription(rules->Needs())) return {};
  return parts_.facts->GatherNow({.needs = rules->Needs(),
                                  .in_interface = packet.connection.in_ifindex,
                                  .out_interface = packet.connection.out_ifindex,
                                  .processes = packet.attribution.processes});
}

v1::TestRulesResponse RuleTester::TestWith(const SupposedPacket& packet,
                                           const PacketsFacts& facts) const {
  const auto rules = parts_.rules.Copy();
  const JudgementTime now{parts_.clock.Now(), parts_.clock.WallNow()};
  const Judgement judged = Judge(*rules, packet.connection, packet.attribution, packet.host,
                                 parts_.default_action, now, facts, packet.sni);
  v1::TestRulesResponse response;
  *response.mutable_judgement() = ToMessage(judged);
  for (const auto& rule : MatchingRules(*rules, packet.connection, packet.attribution, packet.host,
                                        now, facts, packet.sni)) {
    if (judged.rule == nullptr || rule->name != judged.rule->name) {
      response.add_would_also_match(Printable(rule->name));
    }
  }
  return response;
}

}  // namespace procwall
