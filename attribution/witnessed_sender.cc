// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/witnessed_sender.h"

#include <algorithm>
#include <utility>

namespace procwall {
namespace {

ProcessPtr FindProgram(const ProgramSource& programs, const std::optional<Actor>& actor) {
  return actor && !actor->IsKernelThread() ? programs.Find(actor->program) : nullptr;
}

bool IsCreatorAnother(const SocketUse& socket) {
  return socket.creator && socket.user && socket.creator->program != socket.user->program;
}

// Somebody sent the same flow before: another process, or this one when it ran another program.
bool IsPreviousAnother(const FlowUse& use) {
  return use.previous && use.previous->program != use.socket.user->program;
}

bool IsPreviousOfTheSameFile(const FlowUse& use) {
  return use.previous->program.executable == use.socket.user->program.executable;
}

// No rule can tell the two apart by what they are: two workers of one server, but not two scripts
// of one interpreter.
bool AreAlike(const WitnessedSender& sender) {
  const Process& user = *sender.user;
  const Process& previous = *sender.previous;
  return RulePath(user) == RulePath(previous) && user.args == previous.args &&
         user.script == previous.script && user.unit == previous.unit &&
         user.container == previous.container &&
         sender.use.socket.user->uid == sender.use.previous->uid;
}

// As far as it is known.
ProcessPtr CreatorOf(const WitnessedSender& sender) {
  const SocketUse& socket = sender.use.socket;
  return socket.creator && !IsCreatorAnother(socket) ? sender.user : sender.creator;
}

// What the kernel sends without being asked by a program.
const char* NoteOnKernel(const Connection& connection) {
  switch (connection.protocol) {
    case IpProtocol::kIcmp:
      return connection.remote.port != 0 ? "the kernel answers a ping" : "an ICMP message";
    case IpProtocol::kIcmpV6:
      return connection.remote.port != 0 ? "the kernel answers a ping"
                                         : "an ICMPv6 message, as neighbour discovery sends them";
    case IpProtocol::kIgmp:
      return "multicast membership (IGMP)";
    default:
      return "a socket of the kernel's own, as tunnels and network file systems have";
  }
}

Attribution UnknownFor(UnknownReason reason, Evidence evidence, const char* note) {
  evidence.note = note;
  return {.confidence = Confidence::kUnknown,
          .unknown_reason = reason,
          .processes = {},
          .creator = nullptr,
          .evidence = evidence};
}

Evidence EvidenceOf(const WitnessedSender& sender, const Connection& connection, BootTime now) {
  const SocketUse& socket = sender.use.socket;
  Evidence evidence;
  evidence.socket_source = SocketSource::kWitness;
  evidence.holder_source = HolderSource::kWitness;
  evidence.hook = socket.hook;
  evidence.cookie = socket.cookie;
  evidence.age = std::max(now - socket.used_at, BootClock::duration::zero());
  evidence.candidates = 1;
  if (sender.is_ghost) evidence.note = "its socket is gone";
  const bool was_another = socket.user && IsPreviousAnother(sender.use);
  evidence.holders = was_another && sender.previous ? 2 : 1;
  if (was_another) {
    evidence.alternatives.push_back({{}, sender.previous, AlternativeReason::kSentBefore});
  }
  if (connection.uid && socket.user) {
    // The packet has the uid of whoever made the socket.
    const Actor& owner = socket.creator ? *socket.creator : *socket.user;
    evidence.uid_agrees = *connection.uid == owner.uid || *connection.uid == socket.user->uid;
  }
  return evidence;
}

constexpr const char* kNotAllKnown =
    "others sent the same flow a moment before, and not all are known";

// The packet may be that of whoever sent the same flow before.
Attribution CompareWithPrevious(const WitnessedSender& sender, Attribution attribution) {
  if (sender.previous && AreAlike(sender)) return attribution;
  if (sender.previous) {
    attribution.confidence = Confidence::kAmbiguous;
    attribution.processes.push_back(sender.previous);
    attribution.evidence.note = "both sent the same flow within moments";
    return attribution;
  }
  if (!IsPreviousOfTheSameFile(sender.use)) {
    return UnknownFor(UnknownReason::kProcessGone, attribution.evidence, kNotAllKnown);
  }
  // The program is known; its arguments may have been others.
  attribution.confidence = Confidence::kLikely;
  attribution.evidence.note = "another process of this program sent the same flow within moments";
  return attribution;
}

std::optional<WitnessedSender> SenderOf(const std::optional<FlowUse>& use,
                                        const ProgramSource& programs) {
  if (!use || (!use->from_kernel && !use->socket.user)) return std::nullopt;
  WitnessedSender sender;
  sender.user = FindProgram(programs, use->socket.user);
  sender.previous = FindProgram(programs, use->previous);
  if (IsCreatorAnother(use->socket)) sender.creator = FindProgram(programs, use->socket.creator);
  sender.use = *use;
  return sender;
}

}  // namespace

bool WitnessedSender::IsIncomplete() const {
  if (use.from_kernel || use.socket.user->IsKernelThread()) return false;
  return !user || (IsPreviousAnother(use) && !use.previous->IsKernelThread() && !previous);
}

std::optional<WitnessedSender> FindWitnessedSender(const SocketWitness& witness,
                                                   const ProgramSource& programs,
                                                   const Connection& connection) {
  return SenderOf(witness.FlowOf(connection), programs);
}

std::optional<WitnessedSender> FindGhost(const SocketWitness& witness,
                                         const ProgramSource& programs,
                                         const Connection& connection) {
  auto sender = SenderOf(witness.GhostOf(connection), programs);
  if (sender) sender->is_ghost = true;
  return sender;
}

void Describe(WitnessedSender& sender, ProgramSource& programs) {
  const auto resolve = [&](ProcessPtr& process, const std::optional<Actor>& actor) {
    if (!process && actor && !actor->IsKernelThread()) process = programs.Resolve(actor->program);
  };
  resolve(sender.user, sender.use.socket.user);
  resolve(sender.previous, sender.use.previous);
  if (IsCreatorAnother(sender.use.socket)) resolve(sender.creator, sender.use.socket.creator);
}

Attribution Conclude(const WitnessedSender& sender, const Connection& connection, BootTime now) {
  const Evidence evidence = EvidenceOf(sender, connection, now);
  if (sender.use.from_kernel) {
    return UnknownFor(UnknownReason::kKernel, evidence, NoteOnKernel(connection));
  }
  if (sender.use.socket.user->IsKernelThread()) {
    return UnknownFor(UnknownReason::kKernel, evidence, "a thread of the kernel's own");
  }
  if (!sender.user) {
    return UnknownFor(UnknownReason::kProcessGone, evidence, "nobody saw what it ran");
  }
  Attribution attribution{
      .confidence = sender.is_ghost ? Confidence::kLikely : Confidence::kCertain,
      .unknown_reason = UnknownReason::kNone,
      .processes = {sender.user},
      .creator = CreatorOf(sender),
      .evidence = evidence};
  if (!IsPreviousAnother(sender.use) && !sender.use.more_previous) return attribution;
  return sender.use.more_previous ? UnknownFor(UnknownReason::kProcessGone, evidence, kNotAllKnown)
                                  : CompareWithPrevious(sender, std::move(attribution));
}

}  // namespace procwall
