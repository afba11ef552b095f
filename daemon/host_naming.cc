// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/host_naming.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "daemon/dns_traffic.h"
#include "net/quic_initial.h"

namespace procwall {
namespace {

constexpr Port kHttpsPort = 443;

// Where a client begins with TLS: https, submissions, nntps, domain-s (DNS), ldaps, ftps, telnets,
// imaps, pop3s, sips, mqtts, https-alt and others of IANA's list.
bool IsTlsPort(Port port) {
  constexpr std::array<Port, 16> kPorts = {443, 465, 563,  636,  853,  989,  990,  992,
                                           993, 995, 5061, 5223, 6697, 8443, 8883, 9443};
  return std::ranges::find(kPorts, port) != kPorts.end();
}

// Nobody in particular, if several programs may have sent it.
NameAsker AskerOf(const Attribution& attribution) {
  const auto& processes = attribution.processes;
  return processes.size() == 1 ? AskerOf(*processes.front()) : NameAsker();
}

}  // namespace

void HostNaming::Read(const Packet& packet, Walk& walk) const {
  DnsQuestion asked = QuestionOf(packet);
  walk.name_from = asked.name.empty() ? NameSource::kNone : NameSource::kQuery;
  walk.host = std::move(asked.name);
  walk.dns_id = asked.id;
  ReadQuicInitial(packet, walk);
}

// It costs more than all the rest: only where nobody has told a name of the address, or a rule
// asks.
void HostNaming::ReadQuicInitial(const Packet& packet, Walk& walk) const {
  const bool may_be = packet.protocol == IpProtocol::kUdp &&
                      walk.connection.direction != Direction::kIncoming &&
                      LooksLikeQuicInitial(packet.payload);
  if (!may_be) return;
  const Endpoint& to = walk.connection.remote;
  const bool is_nameless = to.port == kHttpsPort && !names_.Knows(to.address);
  if (!is_nameless && !rules_.Copy()->Needs().sni) return;
  auto name = ParseQuicInitial(packet.payload);
  if (name) walk.sni = *std::move(name);
}

bool HostNaming::GiveName(Walk& walk) {
  if (walk.name_from == NameSource::kQuery) return false;
  // Of what comes in, the destination is this host.
  if (walk.connection.direction == Direction::kIncoming) return false;
  const SharedNames::Name known =
      names_.NameOf(walk.connection.remote.address, [&walk] { return AskerOf(walk.attribution); });
  const bool by_sni = known.source == NameSource::kNone && !walk.sni.empty();
  const std::string_view name = by_sni ? std::string_view(walk.sni) : std::string_view(known.text);
  walk.name_from = by_sni ? NameSource::kSni : known.source;
  if (walk.host == name) return false;
  walk.host = name;
  return true;
}

bool HostNaming::MayNameServer(const Walk& walk, const RuleSet& rules) const {
  if (!looks_into_tls_ || !walk.begins_tcp) return false;
  if (walk.connection.direction == Direction::kIncoming) return false;
  return rules.Needs().sni || (walk.host.empty() && IsTlsPort(walk.connection.remote.port));
}

void HostNaming::NotePassed(const Walk& walk, const Judgement& judged) {
  if (walk.opened) tls_.Dismiss(KeyOf(walk.connection));
  if (walk.looks_for_server) {
    tls_.Expect(KeyOf(walk.connection), {walk.attribution, judged}, walk.received);
  }
  NoteAsked(walk);
}

// Its answer will come: to whom?
void HostNaming::NoteAsked(const Walk& walk) {
  const Connection& connection = walk.connection;
  const bool to_server =
      connection.direction == Direction::kOutgoing && connection.remote.port == kDnsPort;
  if (!to_server) return;
  if (connection.protocol == IpProtocol::kTcp) {
    names_.NoteConnection(KeyOf(connection), AskerOf(walk.attribution));
  } else if (walk.name_from == NameSource::kQuery) {
    names_.NoteQuery(KeyOf(connection), walk.dns_id, walk.host, AskerOf(walk.attribution));
  }
}

}  // namespace procwall
