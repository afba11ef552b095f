// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/pipeline.h"

#include <utility>

#include "daemon/dns_traffic.h"
#include "daemon/judgement.h"

namespace procwall {
namespace {

constexpr std::uint8_t kTcpSyn = 0x02;  // RFC 9293 §3.1

PacketFacts FactsOf(const QueuedPacket& queued, PacketUids uids) {
  const auto uid = uids == PacketUids::kOurs ? queued.uid : std::nullopt;
  return {queued.in_ifindex, queued.out_ifindex, uid, queued.mark};
}

// How a packet of it is let through, if it is.
Verdict Passing(const Walk& walk) {
  if (walk.opened) return Verdict::kAcceptAndUnmark;
  return walk.looks_for_server ? Verdict::kAcceptAndMark : Verdict::kAccept;
}

Attribution Unparsable() {
  Attribution attribution;
  attribution.unknown_reason = UnknownReason::kUnparsable;
  return attribution;
}

}  // namespace

Pipeline::Pipeline(const PipelineParts& parts)
    : parts_(parts),
      attributor_({.witness = parts.witness,
                   .programs = parts.programs,
                   .diag = parts.diag,
                   .finder = parts.finder,
                   .counters = parts.counters,
                   .clock = parts.clock,
                   .lane = parts.lane}),
      naming_(parts.names, parts.rules, parts.looks_into_tls),
      facts_(parts.facts, parts.clock, parts.counters, parts.lane),
      questions_(parts.desk, parts.clock, parts.counters, parts.questions,
                 QuestionLimits().DividedBy(parts.lanes), parts.lane),
      enforcement_(parts.diag, parts.marks, parts.counters, parts.mode),
      report_(parts.events, parts.counters, parts.clock) {}

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
    walk.attribution = Unparsable();
    return Consider(std::move(walk));
  }
  walk.connection =
      ConnectionOf(*packet, DirectionOfHook(queued.hook), FactsOf(queued, parts_.packet_uids));
  naming_.Read(*packet, walk);
  const bool is_tcp = packet->protocol == IpProtocol::kTcp;
  walk.begins_tcp = is_tcp && (packet->tcp_flags & kTcpSyn) != 0;
  walk.tcp_sequence = packet->tcp_sequence;
  const bool is_data = is_tcp && !walk.begins_tcp;
  if (is_data && naming_.LooksIntoTls()) return LookIntoTls(*packet, std::move(walk));
  Attribute(std::move(walk));
}

// A stranger's packet is not, though it may come from such a port: it is judged, and teaches
// nothing.
bool Pipeline::IsAnswerToUs(const QueuedPacket& queued, const Packet& packet) {
  if (!IsDnsAnswer(queued, packet)) return false;
  return parts_.asked_flows == nullptr ||
         parts_.asked_flows->HasBegun(ConnectionOf(packet, Direction::kIncoming));
}

// Who sent it and why it may pass is known; the name may change that.
void Pipeline::LookIntoTls(const Packet& packet, Walk&& walk) {
  TlsWatch::Seen seen = naming_.See(packet, walk);
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

void Pipeline::Attribute(Walk&& walk) {
  if (attributor_.Attribute(walk)) Consider(std::move(walk));
}

void Pipeline::Resume(FinderAnswer answer) {
  auto walk = attributor_.Resume(std::move(answer));
  if (walk) Consider(*std::move(walk));
}

// Rules may ask what a description does not tell: it is found out first.
void Pipeline::Consider(Walk&& walk) {
  const auto rules = parts_.rules.Copy();
  const auto facts = facts_.Find(walk, rules);
  if (facts) JudgeOrAsk(std::move(walk), *rules, *facts);
}

void Pipeline::Resume(FactsAnswer answer) {
  auto found = facts_.Resume(std::move(answer));
  if (found) JudgeOrAsk(std::move(found->walk), *found->rules, found->facts);
}

// By the rules; where they say nothing, a person is asked, if one is there.
void Pipeline::JudgeOrAsk(Walk&& walk, const RuleSet& rules, const PacketsFacts& facts) {
  naming_.GiveName(walk);
  const JudgementTime now{parts_.clock.Now(), parts_.clock.WallNow()};
  Judgement judged = Judge(rules, walk.connection, walk.attribution, walk.host,
                           parts_.questions.default_action, now, facts, walk.sni);
  // Nobody could say more of what a stranger sends to nobody.
  const bool is_stray = walk.connection.direction == Direction::kIncoming &&
                        walk.attribution.confidence == Confidence::kUnknown;
  const bool may_ask = parts_.mode == Mode::kEnforce && !walk.refusal && !is_stray;
  walk.looks_for_server = naming_.MayNameServer(walk, rules);
  if (!judged.IsByRule() && walk.opened) {
    judged = walk.opened->judged;  // the name changes nothing
  } else if (!judged.IsByRule() && may_ask) {
    if (parts_.desk.HasAskers()) attributor_.NoteWithheld(walk);  // while it waits
    auto instead = questions_.Hold(walk);
    if (!instead) return;  // it waits
    judged.action = instead->action;
    judged.reason = instead->reason;
    judged.rule = instead->rule;
  }
  judged = WithoutHaste(std::move(judged), walk.attribution, facts);
  CarryOut(std::move(walk), std::move(judged));
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

void Pipeline::CarryOut(Walk&& walk, Judgement judged) {
  const bool passes = enforcement_.LetsPass(judged.action);
  if (passes) naming_.NotePassed(walk, judged);  // before the answer can be here
  const RuleAction done = enforcement_.CarryOut(std::move(walk.held), judged.action,
                                                walk.attribution, walk.connection, Passing(walk));
  if (!passes) attributor_.NoteWithheld(walk);
  report_.Add(std::move(walk), std::move(judged), done);
}

// Of the rest nobody waits for anything: the kernel has its answers first.
void Pipeline::Report() {
  questions_.TellChanges();
  report_.Tell();
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
      [this](Walk& walk) { return naming_.GiveName(walk); },
      [this](Walk walk, const std::optional<Judgement>&) { Consider(std::move(walk)); });
}

}  // namespace procwall
