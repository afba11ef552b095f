// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/enforcement.h"

#include <utility>

namespace procwall {
namespace {

MarkChange ChangeOf(Verdict accept) {
  return accept == Verdict::kAcceptAndMark ? MarkChange::kSet : MarkChange::kClear;
}

}  // namespace

// The socket that sent the packet, if no other one can have: nothing else may be closed.
std::optional<SocketEntry> Enforcement::OwnSocket(const Attribution& attribution,
                                                  const Connection& connection) {
  const Evidence& evidence = attribution.evidence;
  // A socket that others connect to goes on serving them.
  if (connection.direction == Direction::kIncoming) return std::nullopt;
  if (attribution.confidence == Confidence::kAmbiguous) return std::nullopt;
  if (evidence.cookie != 0) {  // the witness names it; the kernel wants its addresses, too
    const auto found = diag_.FindExact(connection);
    return found && *found && (*found)->cookie == evidence.cookie ? *found : std::nullopt;
  }
  if (!evidence.socket) return std::nullopt;
  const SocketRank rank = evidence.socket->rank;
  const bool is_only_one = evidence.candidates == 1 && rank <= SocketRank::kWildcard;
  if (rank != SocketRank::kSameFlow && !is_only_one) return std::nullopt;
  return evidence.socket->socket;
}

RuleAction Enforcement::CarryOut(HeldPacket held, RuleAction judged, const Attribution& attribution,
                                 const Connection& connection, Verdict accept) {
  if (LetsPass(judged)) {
    std::move(held).Answer(accept);
    if (accept != Verdict::kAccept) marks_.NoteFirstData(connection, ChangeOf(accept));
    // On their way out the firewall's own rules mark flows.
    if (connection.direction == Direction::kIncoming) marks_.Note(connection);
    counters_.allowed.Add();
    return RuleAction::kAllow;
  }
  std::move(held).Answer(Verdict::kDrop);
  // Without a socket, or without the kernel's help, a reject is a deny: the packet is gone either
  // way.
  const auto own =
      judged == RuleAction::kReject ? OwnSocket(attribution, connection) : std::nullopt;
  const bool rejected = own && diag_.Destroy(*own).has_value();
  (rejected ? counters_.rejected : counters_.denied).Add();
  return rejected ? RuleAction::kReject : RuleAction::kDeny;
}

void Enforcement::Answer(HeldPacket held, Verdict verdict, const Connection& connection) {
  const bool passes = verdict != Verdict::kDrop || mode_ == Mode::kObserve;
  (passes ? counters_.allowed : counters_.denied).Add();
  std::move(held).Answer(passes && verdict == Verdict::kDrop ? Verdict::kAccept : verdict);
  if (verdict == Verdict::kAcceptAndUnmark) marks_.NoteFirstData(connection, MarkChange::kClear);
}

}  // namespace procwall
