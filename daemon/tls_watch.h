// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "attribution/attribution.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "daemon/judgement.h"
#include "daemon/recent_flows.h"
#include "net/connection.h"

namespace procwall {

// A connection that was let through before its first data told which server it wants: who it
// belongs to and why it may pass, so that neither has to be found out again.
struct OpenedFlow {
  Attribution attribution;
  Judgement judged;
};

// The TCP connections whose first data is to be looked into: a TLS client names the server there
// (RFC 6066 §3), after the packet that was decided. A hello that comes in several segments is put
// together, as long as they come in order. Bounded: of too many, the longest known are forgotten.
// Thread rule: one packet thread.
class TlsWatch {
 public:
  static constexpr std::size_t kMostFlows = 1024;
  static constexpr std::size_t kMostHelloBytes = 4096;
  static constexpr std::chrono::seconds kPatience{60};

  void Expect(const FlowKey& flow, OpenedFlow opened, BootTime now);

  enum class Sight : std::uint8_t {
    kUnexpected,  // nothing is expected of this flow: somebody else wants its packets judged
    kNoName,      // it is not TLS, or does not say, or has said it: nothing is expected any more
    kMore,        // the hello goes on in the next segment
    kName,        // the server's name; the hello may come up again
    kWithheld,    // it follows a hello that was not let through
  };
  struct Seen {
    Sight sight = Sight::kUnexpected;
    std::string name{};                             // if kName
    std::shared_ptr<const OpenedFlow> opened = {};  // likewise
  };
  // What the client says in these bytes, which follow those that were seen last.
  Seen See(const FlowKey& flow, Bytes data, BootTime now);
  // It may go on: nothing is expected any more. It is remembered for a while all the same, since
  // more of its packets may be on their way up.
  void Dismiss(const FlowKey& flow);

  std::size_t Size() const { return flows_.Size(); }

 private:
  struct Expected {
    std::shared_ptr<const OpenedFlow> opened;
    std::vector<std::byte> hello{};  // so far
    bool is_named = false;
    bool is_dismissed = false;
  };

  RecentFlows<Expected> flows_{kMostFlows, kPatience};
};

}  // namespace procwall
