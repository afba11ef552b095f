// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/enforcement.h"

#include <utility>

namespace procwall {

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
  const bool rejected = judged == RuleAction::kReject && attribution.evidence.socket &&
                        attribution.confidence != Confidence::kAmbiguous &&
                        diag_.Destroy(attribution.evidence.socket->socket).has_value();
  (rejected ? counters_.rejected : counters_.denied).Add();
  return rejected ? RuleAction::kReject : RuleAction::kDeny;
}

}  // namespace procwall
