// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/enforcement.h"

#include <utility>

namespace procwall {
namespace {

// The socket that sent the packet, if no other one can have: nothing else may be closed.
const SocketEntry* OwnSocket(const Attribution& attribution) {
  const Evidence& evidence = attribution.evidence;
  if (!evidence.socket || attribution.confidence == Confidence::kAmbiguous) return nullptr;
  const SocketRank rank = evidence.socket->rank;
  const bool is_only_one = evidence.candidates == 1 && rank <= SocketRank::kWildcard;
  return rank == SocketRank::kSameFlow || is_only_one ? &evidence.socket->socket : nullptr;
}

}  // namespace

RuleAction Enforcement::CarryOut(HeldPacket held, RuleAction judged,
                                 const Attribution& attribution) {
  if (mode_ == Mode::kObserve || judged == RuleAction::kAllow) {
    std::move(held).Answer(Verdict::kAccept);
    counters_.allowed.Add();
    return RuleAction::kAllow;
  }
  std::move(held).Answer(Verdict::kDrop);
  // Without a socket, or without the kernel's help, a reject is a deny: the packet is gone either
  // way.
  const SocketEntry* const own = judged == RuleAction::kReject ? OwnSocket(attribution) : nullptr;
  const bool rejected = own != nullptr && diag_.Destroy(*own).has_value();
  (rejected ? counters_.rejected : counters_.denied).Add();
  return rejected ? RuleAction::kReject : RuleAction::kDeny;
}

}  // namespace procwall
