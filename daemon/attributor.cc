// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/attributor.h"

#include <utility>
#include <vector>

#include "attribution/conclude.h"

namespace procwall {
namespace {

Attribution Unknown(UnknownReason reason) {
  Attribution attribution;
  attribution.unknown_reason = reason;
  return attribution;
}

bool OpensConnection(const Walk& walk) {
  return walk.begins_tcp && walk.connection.direction == Direction::kOutgoing;
}

}  // namespace

void Attributor::BeginBatch(BootTime sent_after) {
  sent_after_ = sent_after;
  owners_.BeginBatch();
}

bool Attributor::Attribute(Walk& walk) {
  auto attribution = FindSender(walk);
  if (!attribution) return false;
  walk.attribution = *std::move(attribution);
  return true;
}

std::optional<Attribution> Attributor::FindSender(Walk& walk) {
  auto sender = FindWitnessedSender(parts_.witness, parts_.programs, walk.connection);
  if (sender) return Believe(walk, *std::move(sender));
  auto first = SenderOfFirst(walk);
  return first ? std::move(first) : LookUp(walk);
}

std::optional<Attribution> Attributor::Believe(Walk& walk, WitnessedSender sender) {
  if (sender.IsIncomplete()) return Park(walk, {.witnessed = std::move(sender)});
  return Conclude(sender, walk.connection, parts_.clock.Now());
}

// Nobody saw it happen: which socket is it, and who holds that now?
std::optional<Attribution> Attributor::LookUp(Walk& walk) {
  const Connection& connection = walk.connection;
  // The sockets of this host are not those of whoever sent what it forwards.
  if (connection.direction == Direction::kForwarded) return LookUpForwarded(walk);
  const auto socket = parts_.diag.FindExact(connection);
  Findings findings;
  findings.protocol = connection.protocol;
  findings.packet_uid = connection.uid;
  findings.packet_is_held = connection.direction == Direction::kOutgoing;
  if (!socket) {
    findings.lookup_error = socket.error();
    return Conclude(findings);
  }
  const bool may_be =
      *socket && (!findings.packet_is_held || MayHaveSent(connection.protocol, **socket));
  if (!may_be && findings.packet_is_held) {
    auto ghost = FindGhost(parts_.witness, parts_.programs, connection);
    if (ghost) return Believe(walk, *std::move(ghost));
  }
  // Nothing found, or a socket that others may share its port with: the finder compares them all.
  const auto sender = may_be ? OnlySender(connection, **socket) : std::nullopt;
  if (!sender) return Park(walk, {});
  const auto owner = OwnerOf(connection.direction, **socket);
  if (!owner) return Park(walk, {.sender = sender});  // the finder looks who holds it
  findings.source = SocketSource::kExact;
  findings.candidates.push_back({*sender, owner, {}});
  return Conclude(findings);
}

std::optional<Attribution> Attributor::LookUpForwarded(Walk& walk) {
  auto ghost = FindGhost(parts_.witness, parts_.programs, walk.connection);
  if (ghost) return Believe(walk, *std::move(ghost));
  if (!HasPorts(walk.connection.protocol)) return Unknown(UnknownReason::kOtherNamespace);
  return Park(walk, {});  // the finder looks into the other network namespaces
}

// The socket, if no other can have sent the packet, or will get it.
std::optional<RankedSocket> Attributor::OnlySender(const Connection& connection,
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
std::optional<OwnerIndex::Recalled> Attributor::OwnerOf(Direction direction,
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

std::optional<Attribution> Attributor::Park(Walk& walk, FinderQuestion question) {
  question.lane = parts_.lane;
  question.ticket = next_ticket_++;
  question.connection = walk.connection;
  question.sent_after = sent_after_;
  const std::uint64_t ticket = question.ticket;
  walk.parked_at = parts_.clock.Now();
  if (parked_.size() >= Finder::kMaxQuestions || !parts_.finder.Ask(std::move(question))) {
    return Unknown(UnknownReason::kOverloaded);
  }
  parts_.counters.parked.Add();
  parked_.emplace(ticket, std::move(walk));
  return std::nullopt;
}

std::optional<Walk> Attributor::Resume(FinderAnswer answer) {
  if (answer.learned) owners_.Learn(answer.learned->first, answer.learned->second);
  auto parked = parked_.extract(answer.ticket);
  if (parked.empty()) return std::nullopt;
  parts_.counters.parked.Subtract();
  std::optional<Walk> walk = std::move(parked.mapped());
  walk->parked += parts_.clock.Now() - walk->parked_at;
  auto first = SenderOfFirst(*walk);  // which may have been decided meanwhile
  walk->attribution = first ? *std::move(first) : std::move(answer.attribution);
  return walk;
}

// A SYN that was not let through is sent again, perhaps when its socket is gone, or its addresses
// are another socket's: it is nobody else's.
std::optional<Attribution> Attributor::SenderOfFirst(const Walk& walk) {
  if (!OpensConnection(walk)) return std::nullopt;
  const Attribution* first =
      withheld_.Find(KeyOf(walk.connection), walk.tcp_sequence, parts_.clock.Now());
  if (first == nullptr) return std::nullopt;
  std::optional<Attribution> again = *first;
  again->evidence.note = "sent again: it is whose the first one was";
  return again;
}

void Attributor::NoteWithheld(const Walk& walk) {
  if (!OpensConnection(walk) || walk.attribution.confidence == Confidence::kUnknown) return;
  withheld_.Note(KeyOf(walk.connection), walk.tcp_sequence, walk.attribution, parts_.clock.Now());
}

}  // namespace procwall
