// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "attribution/names.h"
#include "attribution/owner_index.h"
#include "attribution/port_probe.h"
#include "attribution/program_source.h"
#include "attribution/socket_diag.h"
#include "attribution/socket_witness.h"
#include "attribution/witnessed_sender.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "daemon/counters.h"
#include "daemon/enforcement.h"
#include "daemon/event.h"
#include "daemon/event_log.h"
#include "daemon/finder.h"
#include "daemon/settings.h"
#include "net/held_packet.h"
#include "net/packet.h"
#include "net/packet_queue.h"
#include "rules/rule_set.h"

namespace procwall {

using SharedRules = Guarded<std::shared_ptr<const RuleSet>>;

// NFQUEUE tells uids as the initial user namespace counts them, inet_diag and /proc as ours does.
enum class PacketUids : std::uint8_t {
  kOurs,     // the same: we are in the initial user namespace
  kForeign,  // not to be compared, and of no use to rules: left out
};

// What the pipeline works with. Everything referred to must outlive it.
struct PipelineParts {
  VerdictSink& verdicts;
  const SocketWitness& witness;
  const ProgramSource& programs;
  SocketDiag& diag;
  Finder& finder;
  EventLog& events;
  Counters& counters;
  const SharedRules& rules;
  const Clock& clock;
  Mode mode = Mode::kEnforce;
  RuleAction default_action = RuleAction::kDeny;
  PacketUids packet_uids = PacketUids::kOurs;
};

// The walk of one packet, from the kernel's queue to its verdict and its event: read pipeline.cc
// from top to bottom. Thread rule: one thread only, the packet thread.
class Pipeline {
 public:
  explicit Pipeline(const PipelineParts& parts);

  // Call it before packets are received together.
  void BeginBatch() { owners_.BeginBatch(); }
  // A packet came up.
  void Begin(const QueuedPacket& queued);
  // The finder knows who sent a parked packet.
  void Resume(FinderAnswer answer);
  // Tells of what was decided since the last time: call it when the verdicts have reached the
  // kernel.
  void Report();
  std::size_t Parked() const { return parked_.size(); }

 private:
  // A packet under way.
  struct Walk {
    HeldPacket held;
    BootTime received;
    Connection connection{};         // nothing but zeros when the headers could not be read
    std::string host{};              // the name a DNS query asks for; else found when it is decided
    std::optional<Error> refusal{};  // why the headers could not be read
    BootTime parked_at{};
    std::chrono::nanoseconds parked{0};
  };

  void Attribute(Walk walk);
  void Believe(Walk walk, WitnessedSender sender);
  void LookUp(Walk walk);
  std::optional<RankedSocket> OnlySender(const Connection& connection, const SocketEntry& socket);
  std::optional<OwnerIndex::Recalled> OwnerOf(const SocketEntry& socket);
  void Park(Walk walk, FinderQuestion question);
  void Decide(Walk walk, Attribution attribution);
  void LetThrough(HeldPacket held, const Packet& dns_answer);

  struct Decided {
    Event event;
    BootTime received;
  };

  PipelineParts parts_;
  Enforcement enforcement_;
  OwnerIndex owners_;
  PortProbe port_probe_;
  Names names_;
  std::unordered_map<std::uint64_t, Walk> parked_;  // by ticket; at most Finder::kMaxQuestions
  std::uint64_t next_ticket_ = 1;
  std::vector<Decided> decided_;  // not reported yet
};

}  // namespace procwall
