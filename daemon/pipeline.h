// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "attribution/program_source.h"
#include "attribution/socket_diag.h"
#include "attribution/socket_witness.h"
#include "base/clock.h"
#include "daemon/asked_flows.h"
#include "daemon/attributor.h"
#include "daemon/counters.h"
#include "daemon/decision_report.h"
#include "daemon/dns_queries.h"
#include "daemon/enforcement.h"
#include "daemon/event_log.h"
#include "daemon/fact_gatherer.h"
#include "daemon/facts_lookup.h"
#include "daemon/finder.h"
#include "daemon/host_naming.h"
#include "daemon/lanes.h"
#include "daemon/pending_questions.h"
#include "daemon/question_desk.h"
#include "daemon/settings.h"
#include "daemon/shared_names.h"
#include "daemon/shared_rules.h"
#include "daemon/walk.h"
#include "net/held_packet.h"
#include "net/packet.h"
#include "net/packet_queue.h"
#include "rules/rule_set.h"

namespace procwall {

// NFQUEUE tells uids as the initial user namespace counts them, inet_diag and /proc as ours does.
enum class PacketUids : std::uint8_t {
  kOurs,     // the same: we are in the initial user namespace
  kForeign,  // not to be compared, and of no use to rules: left out
};

// What a pipeline works with. Everything referred to must outlive it. Of several pipelines, each
// has its own `verdicts`, `diag` and `marks`; the rest is shared.
struct PipelineParts {
  VerdictSink& verdicts;
  const SocketWitness& witness;
  const ProgramSource& programs;
  SocketDiag& diag;
  FlowMarks& marks;
  Finder& finder;
  QuestionDesk& desk;
  FactGatherer& facts;
  SharedNames& names;
  EventLog& events;
  Counters& counters;
  const SharedRules& rules;
  const Clock& clock;
  Mode mode = Mode::kEnforce;
  QuestionPolicy questions{};  // and the default action
  PacketUids packet_uids = PacketUids::kOurs;
  AskedFlows* asked_flows = nullptr;  // null: of DNS servers, only answers are queued
  bool looks_into_tls = false;        // the first data of connections can be made to come up
  Lane lane = 0;                      // of so many packet threads
  std::size_t lanes = 1;
};

// The walk of one packet, from the kernel's queue to its verdict and its event: read pipeline.cc
// from top to bottom. Thread rule: one thread only, its packet thread.
class Pipeline {
 public:
  explicit Pipeline(const PipelineParts& parts);

  // Call it before packets are received together, none of them sent before `sent_after` (the epoch:
  // not known).
  void BeginBatch(BootTime sent_after = {}) { attributor_.BeginBatch(sent_after); }
  // A packet came up.
  void Begin(const QueuedPacket& queued);
  // The finder knows who sent a parked packet.
  void Resume(FinderAnswer answer);
  // Lets go on what need not wait for a person any longer: call it when the desk has verdicts or
  // has lost an asker, when the rules are others or names have become known, and at NextDeadline().
  void ResumeAsked();
  // The daemon ends: what waits for a person is denied.
  void EndAsked();
  std::optional<BootTime> NextDeadline() const { return questions_.NextDeadline(); }
  // What rules ask of the program of a parked packet is known.
  void Resume(FactsAnswer answer);
  // Names of addresses have become known. What a person is asked about is looked up again.
  void Learn(const DnsMessage& answer, const NameAsker& asker,
             NameSource source = NameSource::kDns);
  // Tells of what was decided since the last time: call it when the verdicts have reached the
  // kernel.
  void Report();
  std::size_t Parked() const { return attributor_.Parked() + facts_.Parked(); }

 private:
  bool IsAnswerToUs(const QueuedPacket& queued, const Packet& packet);
  void LetThrough(HeldPacket held, const QueuedPacket& queued, const Packet& dns_answer);
  void LookIntoTls(const Packet& packet, Walk&& walk);
  void Attribute(Walk&& walk);
  void Consider(Walk&& walk);
  void JudgeOrAsk(Walk&& walk, const RuleSet& rules, const PacketsFacts& facts);
  void CarryOut(Walk&& walk, Judgement judged);
  void RenameAsked();

  const PipelineParts parts_;
  Attributor attributor_;                     // who sent it
  HostNaming naming_;                         // which host it goes to
  FactsLookup facts_;                         // what rules ask besides
  PendingQuestions questions_;                // what waits for a person
  Enforcement enforcement_;                   // the kernel is answered
  DecisionReport report_;                     // and everybody told
  std::uint64_t names_known_ = 0;             // of the news about names
  std::shared_ptr<const RuleSet> judged_by_;  // what has been asked about was judged by these
};

}  // namespace procwall
