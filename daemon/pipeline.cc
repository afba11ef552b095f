// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/pipeline.h"

#include <algorithm>
#include <array>
#include <utility>

#include "attribution/conclude.h"
#include "daemon/dns_traffic.h"
#include "daemon/judgement.h"
#include "net/dns_message.h"
#include "net/quic_initial.h"

namespace procwall {
namespace {

PacketFacts FactsOf(const QueuedPacket& queued, PacketUids uids) {
  const auto uid = uids == PacketUids::kOurs ? queued.uid : std::nullopt;
  return {queued.in_ifindex, queued.out_ifindex, uid, queued.mark};
}

// Nobody in particular, if several programs may have sent it.
NameAsker AskerOf(const Attribution& attribution) {
  const auto& processes = attribution.processes;
  return processes.size() == 1 ? AskerOf(*processes.front()) : NameAsker();
}

constexpr Port kHttpsPort = 443;

// Where a client begins with TLS: https, submissions, nntps, domain-s (DNS), ldaps, ftps, telnets,
// imaps, pop3s, sips, mqtts, https-alt and others of IANA's list.
bool IsTlsPort(Port port) {
  constexpr std::array<Port, 16> kPorts = {443, 465, 563,  636,  853,  989,  990,  992,
                                           993, 995, 5061, 5223, 6697, 8443, 8883, 9443};
  return std::ranges::find(kPorts, port) != kPorts.end();
}

// How a packet of it is let through, if it is.
Verdict Passing(const Walk& walk) {
  if (walk.opened) return Verdict::kAcceptAndUnmark;
  return walk.looks_for_server ? Verdict::kAcceptAndMark : Verdict::kAccept;
}

constexpr std::uint8_t kTcpSyn = 0x02;  // RFC 9293 §3.1

bool OpensConnection(const Walk& walk) {
  return walk.begins_tcp && walk.connection.direction == Direction::kOutgoing;
}

Attribution Unknown(UnknownReason reason) {
  return {.confidence = Confidence::kUnknown,
          .unknown_reason = reason,
          .processes = {},
          .creator = nullptr,
          .evidence = {}};
}

}  // namespace

Pipeline::Pipeline(const PipelineParts& parts)
    : parts_(parts),
      enforcement_(parts.diag, parts.marks, parts.counters, parts.mode),
      questions_(parts.desk, parts.clock, parts.counters, parts.questions,
                 QuestionLimits().DividedBy(parts.lanes), parts.lane) {}

void Pipeline::Begin(const QueuedPacket& queued) {
  const BootTime received = parts_.clock.Now();
  HeldPacket held(parts_.verdicts, queued.id, enforcement_.IfDropped());
  parts_.counters.packets.Add();
  const Result<Packet> packet = ParsePacket(queued.payload);
  if (packet && IsAnswerToUs(queued, *packet)) {
    return LetThrough(std::move(held), queued, *packet);
  }
  Walk walk{.held = std::move(held), .received = received, .bytes = queued.original_size};
  if (!packet) {
    walk.refusal = packet.error();
    return Decide(std::move(walk), Unknown(UnknownReason::kUnparsable));
  }
  walk.connection =
      ConnectionOf(*packet, DirectionOfHook(queued.hook), FactsOf(queued, parts_.packet_uids));
  DnsQuestion asked = QuestionOf(*packet);
  walk.name_from = asked.name.empty() ? NameSource::kNone : NameSource::kQuery;
  walk.host = std::move(asked.name);
  walk.dns_id = asked.id;
  LookIntoQuic(*packet, walk);
  walk.begins_tcp = packet->protocol == IpProtocol::kTcp && (packet->tcp_flags & kTcpSyn) != 0;
  walk.tcp_sequence = packet->tcp_sequence;
  const bool is_data = packet->protocol == IpProtocol::kTcp && !walk.begins_tcp;
  if (is_data && parts_.looks_into_tls) return LookIntoTls(*packet, std::move(walk));
  Attribute(std::move(walk));
}

// A stranger's packet is not, though it may come from such a port: it is judged, and teaches
// nothing.
bool Pipeline::IsAnswerToUs(const QueuedPacket& queued, const Packet& packet) {
  if (!IsDnsAnswer(queued, packet)) return false;
  return parts_.asked_flows == nullptr ||
         parts_.asked_flows->HasBegun(ConnectionOf(packet, Direction::kIncoming));
}

// The packet's bytes are there only now. Reading them costs more than all the rest: only where
// nobody has told a name of the address, or a rule asks.
void Pipeline::LookIntoQuic(const Packet& packet, Walk& walk) {
  const bool may_be = packet.protocol == IpProtocol::kUdp &&
                      walk.connection.direction != Direction::kIncoming &&
                      LooksLikeQuicInitial(packet.payload);
  if (!may_be) return;
  const IpAddress& to = walk.connection.remote.address;
  const bool is_nameless = walk.connection.remote.port == kHttpsPort && !parts_.names.Knows(to);
  if (!is_nameless && !parts_.rules.Copy()->Needs().sni) return;
  auto name = ParseQuicInitial(packet.payload);
  if (name) walk.sni = *std::move(name);
}

// A connection over TCP names its server later than it is decided: if nobody has told a name of the
// address, or a rule asks, its first data comes up, too.
bool Pipeline::MayNameServer(const Walk& walk, const RuleSet& rules) const {
  if (!parts_.looks_into_tls || !walk.begins_tcp) return false;
  if (walk.connection.direction == Direction::kIncoming) return false;
  return rules.Needs().sni || (walk.host.empty() && IsTlsPort(walk.connection.remote.port));
}

// Who sent it and why it may pass is known; the name may change that.
void Pipeline::LookIntoTls(const Packet& packet, Walk walk) {
  TlsWatch::Seen seen = tls_.See(KeyOf(walk.connection), packet.payload, walk.received);
  switch (seen.sight) {
    case TlsWatch::Sight::kUnexpected:
      return Attribute(std::move(walk));
    case TlsWatch::Sight::kNoName:
      return enforcement_.Answer(std::move(walk.held), Verdict::kAcceptAndUnmark, walk.connection);
    case TlsWatch::Sight::kMore:  // a server can do nothing with half a hello
      return enforcement_.Answer(std::move(walk.held), Verdict::kAccept, walk.connection);
    case TlsWatch::Sight::kWithheld:
      return enforcement_.Answer(std::move(walk.held), Verdict::kDrop, walk.connection);
    case TlsWatch::Sight::kName:
      walk.sni = std::move(seen.name);
      walk.opened = std::move(seen.opened);
      walk.attribution = walk.opened->attribution;
      Consider(std::move(walk));
  }
}

void Pipeline::Attribute(Walk walk) {
  auto sender = FindWitnessedSender(parts_.witness, parts_.programs, walk.connection);
  if (!sender) return LookUp(std::move(walk));
  Believe(std::move(walk), *std::move(sender));
}

void Pipeline::Believe(Walk walk, WitnessedSender sender) {
  if (sender.IsIncomplete()) return Park(std::move(walk), {.witnessed = std::move(sender)});
  const Connection connection = walk.connection;
  Decide(std::move(walk), Conclude(sender, connection, parts_.clock.Now()));
}

// Nobody saw it happen: which socket is it, and who holds that now?
void Pipeline::LookUp(Walk walk) {
  // The sockets of this host are not those of whoever sent what it forwards.
  if (walk.connection.direction == Direction::kForwarded) return LookUpForwarded(std::move(walk));
  const auto socket = parts_.diag.FindExact(walk.connection);
  Findings findings;
  findings.protocol = walk.connection.protocol;
  findings.packet_uid = walk.connection.uid;
  findings.packet_is_held = walk.connection.direction == Direction::kOutgoing;
  if (!socket) {
    findings.lookup_error = socket.error();
    return Decide(std::move(walk), Conclude(findings));
  }
  const bool may_be =
      *socket && (!findings.packet_is_held || MayHaveSent(walk.connection.protocol, **socket));
  if (!may_be && findings.packet_is_held) {
    auto ghost = FindGhost(parts_.witness, parts_.programs, walk.connection);
    if (ghost) return Believe(std::move(walk), *std::move(ghost));
    auto first = SenderOfFirst(walk);
    if (first) return Decide(std::move(walk), *std::move(first));
  }
  // Nothing found, or a socket that others may share its port with: the finder compares them all.
  const auto sender = may_be ? OnlySender(walk.connection, **socket) : std::nullopt;
  if (!sender) return Park(std::move(walk), {});
  const auto owner = OwnerOf(walk.connection.direction, **socket);
  if (!owner) return Park(std::move(walk), {.sender = sender});  // the finder looks who holds it
  findings.source = SocketSource::kExact;
  findings.candidates.push_back({*sender, owner, {}});
  Decide(std::move(walk), Conclude(findings));
}

void Pipeline::LookUpForwarded(Walk walk) {
  auto ghost = FindGhost(parts_.witness, parts_.programs, walk.connection);
  if (ghost) return Believe(std::move(walk), *std::move(ghost));
  if (!HasPorts(walk.connection.protocol)) {
    return Decide(std::move(walk), Unknown(UnknownReason::kOtherNamespace));
  }
  Park(std::move(walk), {});  // the finder looks into the other network namespaces
}

// The socket, if no other can have sent the packet, or will get it.
std::optional<RankedSocket> Pipeline::OnlySender(const Connection& connection,
                                                 const SocketEntry& socket) {
  if (socket.IsConnected()) return RankedSocket{socket, SocketRank::kSameFlow};
  // A listener takes what comes in, and the kernel knows which.
  const bool is_known = connection.direction == Direction::kIncoming &&
                        socket.protocol == IpProtocol::kTcp && socket.state == SocketState::kListen;
  if (!is_known && !port_probe_.IsAlone(socket, connection.Family())) return std::nullopt;
  const std::vector<RankedSocket> ranked = RankCandidates(connection, {socket});
  if (ranked.empty() || ranked.front().rank > SocketRank::kWildcard) return std::nullopt;
  return ranked.front();
}

// Who sent by a socket last has it. Who opened one need not be who takes what comes in: it may have
// been handed on (socket activation, exec), and the witness is not told; /proc knows who holds it.
std::optional<OwnerIndex::Recalled> Pipeline::OwnerOf(Direction direction,
                                                      const SocketEntry& socket) {
  const auto use =
      direction == Direction::kOutgoing ? parts_.witness.SocketOf(socket.cookie) : std::nullopt;
  if (use && use->user && !use->shared_at_scan) {
    if (ProcessPtr user = parts_.programs.Find(use->user->program)) {
      return OwnerIndex::Recalled{std::move(user), HolderSource::kWitness};
    }
  }
  auto recalled = owners_.Recall(socket.inode, socket.uid);
  // It may have left the socket to one of those: the finder looks.
  if (recalled && parts_.programs.HasOtherDescendants(*recalled->process)) return std::nullopt;
  return recalled;
}

void Pipeline::Park(Walk walk, FinderQuestion question) {
  question.lane = parts_.lane;
  question.ticket = next_ticket_++;
  question.connection = walk.connection;
  question.sent_after = sent_after_;
  const std::uint64_t ticket = question.ticket;
  walk.parked_at = parts_.clock.Now();
  if (parked_.size() >= Finder::kMaxQuestions || !parts_.finder.Ask(std::move(question))) {
    return Decide(std::move(walk), Unknown(UnknownReason::kOverloaded));
  }
  parts_.counters.parked.Add();
  parked_.emplace(ticket, std::move(walk));
}

void Pipeline::Resume(FinderAnswer answer) {
  if (answer.learned) owners_.Learn(answer.learned->first, answer.learned->second);
  auto walk = parked_.extract(answer.ticket);
  if (walk.empty()) return;
  parts_.counters.parked.Subtract();
  walk.mapped().parked += parts_.clock.Now() - walk.mapped().parked_at;
  Decide(std::move(walk.mapped()), std::move(answer.attribution));
}

void Pipeline::Decide(Walk walk, Attribution attribution) {
  if (attribution.confidence == Confidence::kUnknown) {
    if (auto first = SenderOfFirst(walk)) attribution = *std::move(first);
  }
  walk.attribution = std::move(attribution);
  Consider(std::move(walk));
}

// A SYN that was not let through is sent again, perhaps when its socket is gone: it is nobody
// else's.
std::optional<Attribution> Pipeline::SenderOfFirst(const Walk& walk) const {
  if (!OpensConnection(walk)) return std::nullopt;
  const Attribution* first =
      withheld_.Find(KeyOf(walk.connection), walk.tcp_sequence, parts_.clock.Now());
  if (first == nullptr) return std::nullopt;
  std::optional<Attribution> again = *first;
  again->evidence.note = "sent again: it is whose the first one was";
  return again;
}

void Pipeline::NoteWithheld(const Walk& walk) {
  if (!OpensConnection(walk) || walk.attribution.confidence == Confidence::kUnknown) return;
  withheld_.Note(KeyOf(walk.connection), walk.tcp_sequence, walk.attribution, parts_.clock.Now());
}

// Rules may ask what a description does not tell: it is found out first.
void Pipeline::Consider(Walk walk) {
  Undecided undecided{std::move(walk), parts_.rules.Copy()};
  const FactsNeeded& needs = undecided.rules->Needs();
  if (!AsksBeyondDescription(needs)) {
    return JudgeOrAsk(std::move(undecided.walk), *undecided.rules, {});
  }
  const Connection& connection = undecided.walk.connection;
  FactsQuestion question{.lane = parts_.lane,
                         .ticket = 0,
                         .needs = needs,
                         .in_interface = connection.in_ifindex,
                         .out_interface = connection.out_ifindex,
                         .processes = undecided.walk.attribution.processes};
  if (const auto facts = parts_.facts.Find(needs, question)) {
    return JudgeOrAsk(std::move(undecided.walk), *undecided.rules, *facts);
  }
  GatherFacts(std::move(undecided), std::move(question));
}

void Pipeline::GatherFacts(Undecided undecided, FactsQuestion&& question) {
  question.ticket = next_ticket_++;
  const std::uint64_t ticket = question.ticket;
  undecided.walk.parked_at = parts_.clock.Now();
  if (undecided_.size() >= FactGatherer::kMaxQuestions || !parts_.facts.Ask(std::move(question))) {
    return JudgeOrAsk(std::move(undecided.walk), *undecided.rules, {.are_late = true});
  }
  parts_.counters.parked.Add();
  undecided_.emplace(ticket, std::move(undecided));
}

void Pipeline::Resume(FactsAnswer answer) {
  auto undecided = undecided_.extract(answer.ticket);
  if (undecided.empty()) return;
  parts_.counters.parked.Subtract();
  Walk& walk = undecided.mapped().walk;
  walk.parked += parts_.clock.Now() - walk.parked_at;
  JudgeOrAsk(std::move(walk), *undecided.mapped().rules, answer.facts);
}

// By the rules; where they say nothing, a person is asked, if one is there.
void Pipeline::JudgeOrAsk(Walk walk, const RuleSet& rules, const PacketsFacts& facts) {
  GiveName(walk);
  const JudgementTime now{parts_.clock.Now(), parts_.clock.WallNow()};
  Judgement judged = Judge(rules, walk.connection, walk.attribution, walk.host,
                           parts_.questions.default_action, now, facts, walk.sni);
  // Nobody could say more of what a stranger sends to nobody.
  const bool is_stray = walk.connection.direction == Direction::kIncoming &&
                        walk.attribution.confidence == Confidence::kUnknown;
  const bool may_ask = parts_.mode == Mode::kEnforce && !walk.refusal && !is_stray;
  walk.looks_for_server = MayNameServer(walk, rules);
  if (!judged.IsByRule() && walk.opened) {
    judged = walk.opened->judged;  // the name changes nothing
  } else if (!judged.IsByRule() && may_ask) {
    NoteWithheld(walk);  // while it waits
    auto instead = questions_.Hold(walk);
    if (!instead) return;  // it waits
    judged.action = instead->action;
    judged.reason = instead->reason;
    judged.rule = instead->rule;
  }
  judged = WithoutHaste(std::move(judged), walk.attribution, facts);
  CarryOut(std::move(walk), std::move(judged));
}

// The best that is known now: more may be known than when it came up. True: it is another one.
bool Pipeline::GiveName(Walk& walk) {
  if (walk.name_from == NameSource::kQuery) return false;
  // Of what comes in, the destination is this host.
  if (walk.connection.direction == Direction::kIncoming) return false;
  const SharedNames::Name known = parts_.names.NameOf(
      walk.connection.remote.address, [&walk] { return AskerOf(walk.attribution); });
  const bool by_sni = known.source == NameSource::kNone && !walk.sni.empty();
  const std::string_view name = by_sni ? std::string_view(walk.sni) : std::string_view(known.text);
  walk.name_from = by_sni ? NameSource::kSni : known.source;
  if (walk.host == name) return false;
  walk.host = name;
  return true;
}

void Pipeline::ResumeAsked() {
  RenameAsked();
  if (questions_.IsEmpty() && !parts_.desk.HasVerdicts(parts_.lane)) return;
  const auto rules = parts_.rules.Copy();
  const bool are_others = std::exchange(judged_by_, rules) != rules;
  questions_.Release(
      are_others ? PendingQuestions::Rules::kChanged : PendingQuestions::Rules::kSame,
      [this](Walk walk, const std::optional<Judgement>& judged) {
        judged ? CarryOut(std::move(walk), *judged) : Consider(std::move(walk));
      });
}

void Pipeline::EndAsked() {
  questions_.ReleaseAll([this](Walk walk, const std::optional<Judgement>& judged) {
    CarryOut(std::move(walk), *judged);
  });
}

// Of the rest nobody waits for anything: the kernel has its answer first.
void Pipeline::CarryOut(Walk walk, Judgement judged) {
  const RuleAction done = enforcement_.CarryOut(std::move(walk.held), judged.action,
                                                walk.attribution, walk.connection, Passing(walk));
  done == RuleAction::kAllow ? NotePassed(walk, judged) : NoteWithheld(walk);
  decided_.push_back({std::move(walk), std::move(judged), done});
}

void Pipeline::Report() {
  questions_.TellChanges();
  if (decided_.empty()) return;
  const BootTime now = parts_.clock.Now();
  const WallTime wall_now = parts_.clock.WallNow();
  for (Decided& decided : decided_) {
    Count(decided, wall_now);
    const auto& rule = decided.judged.rule;
    if (!rule || !rule->nolog) Tell(std::move(decided), now, wall_now);
  }
  decided_.clear();
}

void Pipeline::Count(const Decided& decided, WallTime wall_now) {
  const auto& [walk, judged, done] = decided;
  Counters& counters = parts_.counters;
  if (walk.attribution.confidence == Confidence::kUnknown) counters.unknown.Add();
  if (walk.refusal) counters.unparsable.Add();
  counters.decisions.Count(done, judged.reason, walk.refusal.has_value());
  if (judged.rule) counters.rule_hits.Count(judged.rule->name, wall_now);
  for (const auto& shadow : judged.shadows) counters.rule_hits.Count(shadow->name, wall_now);
}

void Pipeline::Tell(Decided decided, BootTime now, WallTime wall_now) {
  auto& [walk, judged, done] = decided;
  const auto latency = now - walk.received;
  parts_.counters.decisions.Took(latency - walk.asked);
  parts_.events.Append({.time = wall_now,
                        .action = done,
                        .judged_action = judged.action,
                        .reason = judged.reason,
                        .rule = std::move(judged.rule),
                        .shadows = std::move(judged.shadows),
                        .connection = walk.refusal ? std::nullopt : std::optional(walk.connection),
                        .host = std::move(walk.host),
                        .name_from = walk.name_from,
                        .sni = std::move(walk.sni),
                        .attribution = std::move(walk.attribution),
                        .latency = latency,
                        .parked = walk.parked,
                        .asked = walk.asked,
                        .refusal = walk.refusal});
}

void Pipeline::NotePassed(const Walk& walk, const Judgement& judged) {
  if (walk.opened) tls_.Dismiss(KeyOf(walk.connection));
  if (walk.looks_for_server) {
    tls_.Expect(KeyOf(walk.connection), {walk.attribution, judged}, walk.received);
  }
  NoteAsked(walk);
}

// Its answer will come: to whom?
void Pipeline::NoteAsked(const Walk& walk) {
  const Connection& connection = walk.connection;
  const bool to_server =
      connection.direction == Direction::kOutgoing && connection.remote.port == kDnsPort;
  if (!to_server) return;
  if (connection.protocol == IpProtocol::kTcp) {
    parts_.names.NoteConnection(KeyOf(connection), AskerOf(walk.attribution));
  } else if (walk.name_from == NameSource::kQuery) {
    parts_.names.NoteQuery(KeyOf(connection), walk.dns_id, walk.host, AskerOf(walk.attribution));
  }
}

void Pipeline::LetThrough(HeldPacket held, const QueuedPacket& queued, const Packet& dns_answer) {
  // Learnt before the program can see the answer, so that its first connection has the name
  // already.
  for (const SharedNames::Answer& answer : parts_.names.AnswersIn(queued, dns_answer)) {
    Learn(answer.message, answer.asker);
  }
  parts_.counters.dns_answers.Add();
  std::move(held).Answer(Verdict::kAccept);
}

void Pipeline::Learn(const DnsMessage& answer, const NameAsker& asker, NameSource source) {
  parts_.names.Learn(answer, asker, source);
  RenameAsked();
}

// Any packet thread may have learnt it.
void Pipeline::RenameAsked() {
  if (!parts_.names.HasNews(names_known_)) return;
  const SharedNames::News news = parts_.names.NewsSince(names_known_);
  names_known_ = news.position;
  if (questions_.IsEmpty()) return;
  questions_.Rename(
      [&news](const IpAddress& address) { return news.MayBeAbout(address); },
      [this](Walk& walk) { return GiveName(walk); },
      [this](Walk walk, const std::optional<Judgement>&) { Consider(std::move(walk)); });
}

}  // namespace procwall
