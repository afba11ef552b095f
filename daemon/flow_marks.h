// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/connection.h"
#include "net/flow_mark.h"
#include "net/netlink.h"

namespace procwall {

// One packet per flow: a flow that was let through gets our mark in conntrack, and the firewall's
// rules do not queue the marked ones, so that no second packet of it comes up, however long its
// peer keeps silent. What goes out is marked by the firewall's rules themselves, what comes in from
// here. TCP needs none: only its first packet is queued; there the mark says that the first data is
// to come up, too (tls_watch.h). What was denied has no entry
// in conntrack that could be marked: each of its packets is judged. Marks are a saving, not a
// verdict: a flow that cannot be marked is judged packet by packet. Thread rule: one thread at a
// time; several objects may be used at once.
class FlowMarks {
 public:
  // Marks nothing.
  FlowMarks() = default;
  FlowMarks(NetlinkSocket socket, FlowMark mark)
      : socket_(std::make_unique<NetlinkSocket>(std::move(socket))), mark_(mark) {}
  // `mark` 0: marks nothing. kUnsupported: the kernel has no ctnetlink.
  static Result<FlowMarks> Open(FlowMark mark);

  // Notes that the flow is to be marked: conntrack knows it once its packet has a verdict.
  void Note(const Connection& connection);
  // Notes that what the client of this TCP connection says first is to come up, or no longer. A
  // verdict says the same and is never late, but many kernels do not listen
  // (CONFIG_NETFILTER_NETLINK_GLUE_CT): there, data that follows within microseconds is missed.
  void NoteFirstData(const Connection& connection, MarkChange change);
  // Marks what was noted, without waiting. Call it when the verdicts are sent.
  void Apply();

  // Takes the mark from all flows, so that their next packets are judged; or from all but those of
  // TCP, whose mark says something else. The number of flows.
  enum class Which : std::uint8_t { kAll, kJudged };
  Result<std::size_t> Clear(Which which);

 private:
  void Add(const std::vector<std::byte>& request);

  std::unique_ptr<NetlinkSocket> socket_;  // of NETLINK_NETFILTER; null: marks nothing
  FlowMark mark_ = 0;
  std::vector<std::vector<std::byte>> noted_;  // datagrams of requests
};

}  // namespace procwall
