// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/explainer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "daemon/event_message.h"
#include "daemon/evidence_message.h"
#include "daemon/judgement_message.h"
#include "daemon/remembered_event.h"

namespace procwall {
namespace {

using ExplainKind = ExplainRefusal::Kind;

tl::unexpected<ExplainRefusal> Refuse(ExplainKind kind, std::string what) {
  return tl::unexpected(ExplainRefusal{kind, std::move(what)});
}

std::optional<IpProtocol> ProtocolNamed(const std::string& name) {
  for (const IpProtocol protocol : {IpProtocol::kTcp, IpProtocol::kUdp, IpProtocol::kUdpLite,
                                    IpProtocol::kSctp, IpProtocol::kDccp}) {
    if (name == ProtocolName(protocol, IpFamily::kV4) ||
        name == ProtocolName(protocol, IpFamily::kV6)) {
      return protocol;
    }
  }
  return std::nullopt;
}

std::optional<Endpoint> EndpointOf(const std::string& address, std::uint32_t port) {
  const auto parsed = IpAddress::Parse(address);
  if (!parsed || port == 0 || port > 0xffff) return std::nullopt;
  return Endpoint{*parsed, static_cast<Port>(port)};
}

tl::expected<Connection, ExplainRefusal> ConnectionOf(const v1::ConnectionEnds& ends) {
  const auto protocol = ProtocolNamed(ends.protocol());
  if (!protocol) {
    return Refuse(ExplainKind::kInvalid,
                  fmt::format("\"{}\" is no protocol with ports that sockets are "
                              "known of: tcp, udp, udplite, sctp, dccp",
                              Printable(ends.protocol())));
  }
  const auto local = EndpointOf(ends.local_ip(), ends.local_port());
  const auto remote = EndpointOf(ends.remote_ip(), ends.remote_port());
  if (!local || !remote || local->address.Family() != remote->address.Family()) {
    return Refuse(ExplainKind::kInvalid,
                  "both ends of a connection are an IP address with a port, of the "
                  "same family");
  }
  Connection connection;
  connection.protocol = *protocol;
  connection.local = *local;
  connection.remote = *remote;
  return connection;
}

bool IsAbout(const Event& event, Pid pid) {
  return std::ranges::any_of(event.attribution.processes,
                             [pid](const ProcessPtr& process) { return process->id.pid == pid; });
}

// The remembered decision that was made last of those that `fits`.
template <typename Fits>
EventPtr FindLast(const EventLog& events, const Fits& fits) {
  std::uint64_t position = events.PositionOfRecent(EventLog::kCapacity);
  EventPtr last;
  while (EventPtr event = events.Next(position).event) {
    if (fits(*event)) last = std::move(event);
  }
  return last;
}

v1::CurrentHolders ToMessage(const Candidate& candidate) {
  v1::CurrentHolders message;
  *message.mutable_socket() = procwall::ToMessage(candidate.ranked);
  if (!candidate.found) return message;
  for (const Holder& holder : candidate.found->holders) {
    *message.add_processes() = procwall::ToMessage(*holder.process);
  }
  message.set_all_known(candidate.found->all_holders_known);
  return message;
}

// The socket that the evidence is about, if it lives.
const Candidate* SameSocket(const Findings& findings, const Evidence& evidence) {
  const std::uint64_t cookie = evidence.socket ? evidence.socket->socket.cookie : evidence.cookie;
  for (const Candidate& candidate : findings.candidates) {
    const bool same = cookie != 0 ? candidate.ranked.socket.cookie == cookie
                                  : candidate.ranked.rank == SocketRank::kSameFlow;
    if (same) return &candidate;
  }
  return nullptr;
}

}  // namespace

tl::expected<std::unique_ptr<Explainer>, std::string> Explainer::Start(
    const ExplainerParts& parts) {
  auto procfs = Procfs::Open();
  if (!procfs) return tl::unexpected("/proc: " + procfs.error().ToString());
  auto diag = SocketDiag::Open();
  if (!diag) return tl::unexpected(diag.error().ToString());
  return Start(parts, *std::move(procfs), *std::move(diag));
}

tl::expected<std::unique_ptr<Explainer>, std::string> Explainer::Start(const ExplainerParts& parts,
                                                                       Procfs procfs,
                                                                       SocketDiag diag) {
  auto asked = Wakeup::Create();
  if (!asked) return tl::unexpected(asked.error().ToString());
  return std::unique_ptr<Explainer>(
      new Explainer(parts, std::move(procfs), std::move(diag), *std::move(asked)));
}

Explainer::Explainer(const ExplainerParts& parts, Procfs procfs, SocketDiag diag, Wakeup asked)
    : parts_(parts),
      lookup_(parts.clock, std::move(procfs), std::move(diag)),
      worker_("explainer", kMaxQuestions, std::move(asked),
              [this](const std::deque<ExplainQuestion>& questions) { AnswerAll(questions); }) {}

void Explainer::Explain(ExplainQuestion question) {
  if (worker_.TryAsk(std::move(question))) return;
  // NOLINTNEXTLINE(bugprone-use-after-move): a refused task is left as it was
  question.answer(
      Refuse(ExplainKind::kOverloaded, "too many explanations are asked for: try again"));
}

void Explainer::AnswerAll(const std::deque<ExplainQuestion>& questions) {
  for (const ExplainQuestion& question : questions) {
    question.answer(question.is_wanted() ? Answer(question.request)
                                         : Refuse(ExplainKind::kNotFound, "nobody waits for it"));
  }
}

ExplainAnswer Explainer::Answer(const v1::ExplainRequest& request) {
  if (request.has_connection()) {
    const auto connection = ConnectionOf(request.connection());
    if (!connection) return tl::unexpected(connection.error());
    return AnswerOf(*connection);
  }
  if (request.what_case() == v1::ExplainRequest::kPid) {
    const EventPtr event = FindLast(
        parts_.events, [&](const Event& candidate) { return IsAbout(candidate, request.pid()); });
    if (event) return AnswerOf(*event);
    return Refuse(ExplainKind::kNotFound,
                  fmt::format("no remembered decision names process {}", request.pid()));
  }
  const auto event = RememberedEvent(parts_.events, request.sequence());
  if (!event) return tl::unexpected(event.error());
  return AnswerOf(**event);
}

ExplainAnswer Explainer::AnswerOf(const Event& event) {
  v1::ExplainResponse response;
  *response.mutable_event() = procwall::ToMessage(event);
  if (!event.connection) return response;
  *response.mutable_now() = procwall::ToMessage(JudgeNow(event));
  const Findings findings = lookup_.FindHolders(*event.connection);
  if (const Candidate* const same = SameSocket(findings, event.attribution.evidence)) {
    *response.mutable_holders() = ToMessage(*same);
  }
  return response;
}

ExplainAnswer Explainer::AnswerOf(const Connection& connection) {
  const BootTime started = parts_.clock.Now();
  const Findings findings = lookup_.FindHolders(connection);
  Event event;
  event.time = parts_.clock.WallNow();
  event.connection = connection;
  TakeNameOf(connection.remote.address, event);
  event.attribution = ConcludeNow(findings, connection, parts_.witness, parts_.programs, started);
  event.latency = parts_.clock.Now() - started;
  const Judgement judged = JudgeNow(event);
  event.action = judged.action;
  event.judged_action = judged.action;
  event.reason = judged.reason;
  event.rule = judged.rule;
  event.shadows = judged.shadows;
  v1::ExplainResponse response;
  *response.mutable_event() = procwall::ToMessage(event);
  *response.mutable_now() = procwall::ToMessage(judged);
  if (const Candidate* const same = SameSocket(findings, event.attribution.evidence)) {
    *response.mutable_holders() = ToMessage(*same);
  }
  return response;
}

Judgement Explainer::JudgeNow(const Event& event) const {
  const Connection& connection = *event.connection;
  const auto rules = parts_.rules.Copy();
  PacketsFacts facts;
  if (AsksBeyondDescription(rules->Needs())) {
    facts = parts_.facts.GatherNow({.needs = rules->Needs(),
                                    .in_interface = connection.in_ifindex,
                                    .out_interface = connection.out_ifindex,
                                    .processes = event.attribution.processes});
  }
  return Judge(*rules, connection, event.attribution, event.host, parts_.default_action,
               {parts_.clock.Now(), parts_.clock.WallNow()}, facts, event.sni);
}

void Explainer::TakeNameOf(const IpAddress& address, Event& event) const {
  const EventPtr named = FindLast(parts_.events, [&](const Event& candidate) {
    return candidate.connection && candidate.connection->remote.address == address &&
           !candidate.host.empty();
  });
  if (!named) return;
  event.host = named->host;
  event.name_from = named->name_from;
}

}  // namespace procwall
