// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>

#include "attribution/attribution.h"
#include "attribution/socket_diag.h"
#include "daemon/counters.h"
#include "daemon/flow_marks.h"
#include "daemon/judgement.h"
#include "daemon/settings.h"
#include "net/held_packet.h"

namespace procwall {

// Does what was decided: answers the kernel, and for a reject closes the packet's own socket, so
// that its program fails at once instead of waiting. In observe mode everything is accepted. The
// flow of what was accepted is noted for its mark. Counts what was done and returns it. Thread
// rule: the packet thread only. The references must outlive it.
class Enforcement {
 public:
  Enforcement(SocketDiag& diag, FlowMarks& marks, Counters& counters, Mode mode)
      : diag_(diag), marks_(marks), counters_(counters), mode_(mode) {}

  // What becomes of a packet that is forgotten.
  Verdict IfDropped() const { return mode_ == Mode::kObserve ? Verdict::kAccept : Verdict::kDrop; }

  bool LetsPass(RuleAction judged) const {
    return mode_ == Mode::kObserve || judged == RuleAction::kAllow;
  }

  // `accept`: what the kernel is told if it is let through.
  RuleAction CarryOut(HeldPacket held, RuleAction judged, const Attribution& attribution,
                      const Connection& connection, Verdict accept = Verdict::kAccept);
  // The same for a packet about which there is nothing to decide.
  void Answer(HeldPacket held, Verdict verdict, const Connection& connection);

 private:
  std::optional<SocketEntry> OwnSocket(const Attribution& attribution,
                                       const Connection& connection);

  SocketDiag& diag_;
  FlowMarks& marks_;
  Counters& counters_;
  Mode mode_;
};

}  // namespace procwall
