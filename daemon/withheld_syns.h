// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "attribution/attribution.h"
#include "base/clock.h"
#include "daemon/recent_flows.h"
#include "net/connection.h"

namespace procwall {

// Who sent the SYNs that were not let through. TCP sends such a one again (RFC 6298 §5), and its
// socket may be closed before the second is looked up: nobody would know it, and where the default
// is to allow, it would pass. It is the same connection's if its initial sequence number is the
// same, which the kernel makes of a secret, the addresses, the ports and a clock (RFC 9293 §3.4.1,
// RFC 6528): no other program can have it by chance.
//
// Remembered for kPatience after the last one; at most kMost, beyond which the oldest are
// forgotten. Thread rule: one packet thread.
class WithheldSyns {
 public:
  static constexpr std::size_t kMost = 4096;
  // Longer than Linux waits between two of them (64 s, with tcp_syn_retries at 6), and shorter than
  // the clock of the number needs for a round (274 s).
  static constexpr std::chrono::seconds kPatience{130};

  void Note(const FlowKey& flow, std::uint32_t sequence, const Attribution& attribution,
            BootTime now) {
    syns_.Put(flow, {sequence, attribution}, now);
  }
  // nullptr: no such SYN was withheld. Valid until the next call.
  const Attribution* Find(const FlowKey& flow, std::uint32_t sequence, BootTime now) {
    const Syn* syn = syns_.Find(flow, now);
    return syn != nullptr && syn->sequence == sequence ? &syn->attribution : nullptr;
  }

  std::size_t Size() const { return syns_.Size(); }

 private:
  struct Syn {
    std::uint32_t sequence = 0;
    Attribution attribution;
  };

  RecentFlows<Syn> syns_{kMost, kPatience};
};

}  // namespace procwall
