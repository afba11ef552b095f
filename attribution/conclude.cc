// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/conclude.h"

#include <algorithm>
#include <span>

namespace procwall {
namespace {

using Suspects = std::vector<const Candidate*>;

bool HasFile(const Candidate& candidate) { return candidate.ranked.socket.inode != 0; }

// A socket without a file has no uid of its own.
bool UidDiffers(const Candidate& candidate, std::optional<Uid> packet_uid) {
  return packet_uid && HasFile(candidate) && candidate.ranked.socket.uid != *packet_uid;
}

bool IsUnderWay(const Findings& findings, const Candidate& candidate) {
  return !findings.packet_is_held || MayHaveSent(findings.protocol, candidate.ranked.socket);
}

// It takes the connection that comes in. No listener has that rank for one that goes out.
bool IsListener(const Candidate& candidate) {
  return candidate.ranked.socket.state == SocketState::kListen &&
         candidate.ranked.rank == SocketRank::kWildcard;
}

bool CanSend(const Findings& findings, const Candidate& candidate) {
  if (findings.protocol != IpProtocol::kTcp) return IsUnderWay(findings, candidate);
  return candidate.ranked.rank <= SocketRank::kSameSource || IsListener(candidate);
}

// The candidates that share the best rank, those without a file only if there is no other.
Suspects FindSuspects(const Findings& findings) {
  Suspects able;
  for (const Candidate& candidate : findings.candidates) {
    if (CanSend(findings, candidate) && !UidDiffers(candidate, findings.packet_uid)) {
      able.push_back(&candidate);
    }
  }
  if (able.empty()) {
    for (const Candidate& candidate : findings.candidates) {
      if (candidate.ranked.rank == SocketRank::kSameFlow && CanSend(findings, candidate)) {
        able.push_back(&candidate);
      }
    }
  }
  if (able.empty()) return able;
  const SocketRank best = (*std::ranges::min_element(able, {}, [](const Candidate* candidate) {
                            return candidate->ranked.rank;
                          }))->ranked.rank;
  const bool any_file = std::ranges::any_of(able, [&](const Candidate* candidate) {
    return candidate->ranked.rank == best && HasFile(*candidate);
  });
  std::erase_if(able, [&](const Candidate* candidate) {
    return candidate->ranked.rank != best || (any_file && !HasFile(*candidate));
  });
  return able;
}

UnknownReason ReasonWithoutFile(const SocketEntry& socket) {
  if (socket.protocol != IpProtocol::kTcp) return UnknownReason::kSocketClosed;
  switch (socket.state) {
    case SocketState::kEstablished:
    case SocketState::kSynRecv:
    case SocketState::kNewSynRecv:
    case SocketState::kCloseWait:  // the peer ended it before anybody accepted it
      return UnknownReason::kNotAccepted;
    default:
      return UnknownReason::kSocketClosed;
  }
}

// Why nobody is known to hold this socket; kNone if somebody is.
UnknownReason ReasonWithoutHolder(const Findings& findings, const Candidate& candidate) {
  if (candidate.executed_since) return UnknownReason::kExecutedSince;
  if (candidate.kin_ended) return UnknownReason::kProcessGone;
  if (candidate.kin_unasked) return UnknownReason::kTimedOut;
  const bool anybody = candidate.recalled || (candidate.found && !candidate.found->holders.empty());
  // One more holds it, and nobody knows what that runs.
  if (anybody && candidate.found && !candidate.found->unnamed.empty()) {
    return UnknownReason::kProcessGone;
  }
  if (candidate.recalled) return UnknownReason::kNone;
  if (candidate.found && !candidate.found->holders.empty()) {
    return candidate.found->parents_unasked ? UnknownReason::kTimedOut : UnknownReason::kNone;
  }
  if (!HasFile(candidate)) return ReasonWithoutFile(candidate.ranked.socket);
  if (!candidate.found) {
    return findings.overloaded ? UnknownReason::kOverloaded : UnknownReason::kTimedOut;
  }
  if (candidate.found->timed_out) return UnknownReason::kTimedOut;
  if (candidate.found->holder_vanished) return UnknownReason::kProcessGone;
  return UnknownReason::kNoHolder;
}

void AddProcess(std::vector<ProcessPtr>& processes, const ProcessPtr& process) {
  const bool known = std::ranges::any_of(
      processes, [&](const ProcessPtr& other) { return other->id == process->id; });
  if (!known) processes.push_back(process);
}

// Every process that holds one of them, those of the socket's user first.
std::vector<ProcessPtr> Holders(const Suspects& suspects) {
  std::vector<ProcessPtr> processes;
  for (const Candidate* suspect : suspects) {
    if (suspect->recalled) AddProcess(processes, suspect->recalled->process);
    if (!suspect->found) continue;
    for (const Holder& holder : suspect->found->holders) AddProcess(processes, holder.process);
  }
  const Uid uid = suspects.front()->ranked.socket.uid;
  std::stable_partition(processes.begin(), processes.end(),
                        [uid](const ProcessPtr& process) { return process->uid == uid; });
  return processes;
}

bool RunOneProgram(const std::vector<ProcessPtr>& processes) {
  return std::ranges::all_of(processes, [&](const ProcessPtr& process) {
    return RulePath(*process) == RulePath(*processes.front());
  });
}

bool AllHoldersKnown(const Suspects& suspects) {
  return std::ranges::all_of(suspects, [](const Candidate* suspect) {
    return suspect->found && suspect->found->all_holders_known;
  });
}

// Nothing else on this host could have sent the packet, or will receive it. A datagram's sender may
// be gone, and its port another's by now: only a socket connected to the same peer speaks for
// itself.
bool IsOnlySender(const Findings& findings, const Suspects& suspects) {
  if (suspects.size() > 1) return false;
  // The kernel looked it up as it will for the packet.
  if (IsListener(*suspects.front())) return findings.source == SocketSource::kExact;
  if (suspects.front()->ranked.rank != SocketRank::kSameFlow) return false;
  if (findings.protocol == IpProtocol::kTcp) return true;
  return findings.source == SocketSource::kDump &&
         std::ranges::none_of(findings.candidates, [&](const Candidate& candidate) {
           return &candidate != suspects.front() && HasFile(candidate) &&
                  candidate.ranked.rank <= SocketRank::kWildcard &&
                  IsUnderWay(findings, candidate) && !UidDiffers(candidate, findings.packet_uid);
         });
}

const char* NoteOn(SocketRank rank) {
  switch (rank) {
    case SocketRank::kOtherAddress:
      return "its socket is bound to another address";
    case SocketRank::kSamePort:
      return "only its port fits";
    default:
      return "";
  }
}

AlternativeReason ReasonAgainst(const Findings& findings, const Suspects& suspects,
                                const Candidate& candidate) {
  if (std::ranges::find(suspects, &candidate) != suspects.end()) return AlternativeReason::kEqual;
  if (!IsUnderWay(findings, candidate)) return AlternativeReason::kNothingUnderWay;
  if (!CanSend(findings, candidate)) return AlternativeReason::kOtherConnection;
  if (UidDiffers(candidate, findings.packet_uid)) return AlternativeReason::kOtherUid;
  return HasFile(candidate) ? AlternativeReason::kFitsLess : AlternativeReason::kNoFile;
}

ProcessPtr FirstHolder(const Candidate& candidate) {
  if (candidate.recalled) return candidate.recalled->process;
  const bool any = candidate.found && !candidate.found->holders.empty();
  return any ? candidate.found->holders.front().process : nullptr;
}

// Whatever came into question beside the first suspect.
std::vector<Alternative> AlternativesTo(const Findings& findings, const Suspects& suspects) {
  const Candidate* const believed = suspects.empty() ? nullptr : suspects.front();
  std::vector<Alternative> alternatives;
  for (const Candidate& candidate : findings.candidates) {
    if (&candidate == believed) continue;
    if (alternatives.size() == kMaxAlternatives) break;
    alternatives.push_back(
        {candidate.ranked, FirstHolder(candidate), ReasonAgainst(findings, suspects, candidate)});
  }
  return alternatives;
}

Evidence Collect(const Findings& findings, const Suspects& suspects,
                 const std::vector<ProcessPtr>& processes) {
  Evidence evidence;
  evidence.socket_source = findings.source;
  evidence.candidates = static_cast<std::uint32_t>(findings.candidates.size());
  evidence.alternatives = AlternativesTo(findings, suspects);
  if (suspects.empty()) return evidence;
  const Candidate& believed = *suspects.front();
  evidence.socket = believed.ranked;
  evidence.holders = static_cast<std::uint32_t>(processes.size());
  evidence.all_holders_known = AllHoldersKnown(suspects);
  evidence.note = NoteOn(believed.ranked.rank);
  if (believed.recalled) {
    evidence.holder_source = believed.recalled->source;
  } else if (!processes.empty()) {
    evidence.holder_source = HolderSource::kWalk;
  }
  if (findings.packet_uid && HasFile(believed)) {
    evidence.uid_agrees = !UidDiffers(believed, findings.packet_uid);
  }
  return evidence;
}

Attribution Unknown(UnknownReason reason, const Evidence& evidence) {
  return {.confidence = Confidence::kUnknown,
          .unknown_reason = reason,
          .processes = {},
          .creator = nullptr,
          .evidence = evidence};
}

Attribution ConcludeWithoutSocket(const Findings& findings) {
  Evidence evidence = Collect(findings, {}, {});
  if (findings.lookup_error) {
    evidence.note = findings.lookup_error->what;
    return Unknown(findings.lookup_error->code == Errc::kUnsupported
                       ? UnknownReason::kNotAttributable
                       : UnknownReason::kLookupFailed,
                   evidence);
  }
  for (const Candidate& candidate : findings.candidates) {
    if (CanSend(findings, candidate)) {  // so it was its uid that spoke against it
      evidence.uid_agrees = false;
      evidence.note = "the sockets of this port belong to other users";
    }
  }
  if (!findings.candidates.empty() && !evidence.uid_agrees) {
    evidence.note = findings.protocol == IpProtocol::kTcp
                        ? "the sockets of this port have other connections"
                        : "the sockets of this port have not sent it";
  }
  return Unknown(UnknownReason::kNoSocket, evidence);
}

}  // namespace

bool MayHaveSent(IpProtocol protocol, const SocketEntry& socket) {
  const bool is_counted = protocol == IpProtocol::kUdp || protocol == IpProtocol::kUdpLite;
  return !is_counted || socket.send_queue != 0;
}

Attribution Conclude(const Findings& findings) {
  const Suspects suspects = FindSuspects(findings);
  if (findings.lookup_error || suspects.empty()) return ConcludeWithoutSocket(findings);

  std::vector<ProcessPtr> processes = Holders(suspects);
  Evidence evidence = Collect(findings, suspects, processes);
  for (const Candidate* suspect : suspects) {
    const UnknownReason reason = ReasonWithoutHolder(findings, *suspect);
    if (reason == UnknownReason::kNone) continue;
    if (suspects.size() > 1) evidence.note = "several sockets could have sent it";
    if (suspect->kin_ended) evidence.note = "a relative of its holder may have sent it, and ended";
    return Unknown(reason, evidence);
  }
  Attribution attribution{.confidence = Confidence::kLikely,
                          .unknown_reason = UnknownReason::kNone,
                          .processes = std::move(processes),
                          .creator = nullptr,
                          .evidence = std::move(evidence)};
  if (!RunOneProgram(attribution.processes)) {
    attribution.confidence = Confidence::kAmbiguous;
  } else if (attribution.evidence.all_holders_known &&
             attribution.evidence.uid_agrees.value_or(true) && IsOnlySender(findings, suspects)) {
    attribution.confidence = Confidence::kCertain;
  }
  return attribution;
}

std::vector<OwnerSearch::Wanted> SocketsToSearch(const Findings& findings) {
  std::vector<OwnerSearch::Wanted> wanted;
  if (findings.lookup_error) return wanted;
  for (const Candidate* suspect : FindSuspects(findings)) {
    const SocketEntry& socket = suspect->ranked.socket;
    const bool known = suspect->recalled || suspect->found;
    if (!known && HasFile(*suspect)) wanted.push_back({.inode = socket.inode, .uid = socket.uid});
  }
  return wanted;
}

}  // namespace procwall
