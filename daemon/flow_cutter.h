// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "attribution/socket_diag.h"
#include "daemon/flow.h"
#include "net/netlink.h"

namespace procwall {

// What the ends of a flow are called for people: "tcp 192.0.2.1:40000 -> 198.51.100.7:443".
std::string FlowText(const TrackedFlow& flow);

// Ends one flow and touches nothing else: closes its socket, by its cookie, and removes its entry
// from conntrack, by its id, and with it our mark. A datagram socket that is not connected is
// closed only if this flow is its only one and the peer has answered: else the next packet of the
// flow is judged anyway. The socket goes first, so that its reset finds its way through NAT. The
// socket of a container is looked for in the network namespace of the process that the decision
// names. Thread rule: one thread only; it may visit other network namespaces, and comes back.
class FlowCutter {
 public:
  FlowCutter(SocketDiag diag, NetlinkSocket conntrack)
      : diag_(std::move(diag)), conntrack_(std::move(conntrack)) {}

  enum class Outcome : std::uint8_t {
    kCut,
    kGone,       // it had ended, or its ends are another flow's now: nothing was touched
    kEntryOnly,  // TCP whose socket is not to be found: only its entry was removed
    kRefused,    // the kernel did not do it
  };
  // Whether other flows share a datagram socket's port: that one is not closed then.
  enum class Port : std::uint8_t { kOwn, kShared };

  Outcome Cut(const Flow& flow, Port port);
  // The same for TCP that conntrack does not know.
  Outcome CutSocket(const Event& owner);

 private:
  enum class Closed : std::uint8_t { kYes, kNone, kAnother, kRefused };

  Closed CloseSocket(const Flow& flow, Port port);
  static Closed Close(SocketDiag& diag, const Connection& connection, std::uint64_t cookie,
                      Port port);
  static Closed CloseElsewhere(const Event& owner);

  SocketDiag diag_;
  NetlinkSocket conntrack_;
};

}  // namespace procwall
