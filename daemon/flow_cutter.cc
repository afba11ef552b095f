// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_cutter.h"

#include <fcntl.h>
#include <sched.h>

#include <fmt/format.h>

#include "base/file.h"
#include "daemon/flow_owners.h"
#include "daemon/flow_record.h"
#include "net/flow_message.h"

namespace procwall {
namespace {

// This thread is in another network namespace while it lives.
class Visit {
 public:
  explicit Visit(Pid host) {
    auto home = OpenAt(AT_FDCWD, "/proc/thread-self/ns/net", O_RDONLY);
    auto there = OpenAt(AT_FDCWD, fmt::format("/proc/{}/ns/net", host).c_str(), O_RDONLY);
    if (!home || !there || ::setns(there->UnsafeFd(), CLONE_NEWNET) != 0) return;
    home_ = *std::move(home);
  }
  ~Visit() {
    if (home_.IsOpen()) (void)::setns(home_.UnsafeFd(), CLONE_NEWNET);
  }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  bool IsThere() const { return home_.IsOpen(); }

 private:
  UniqueFd home_;
};

}  // namespace

std::string FlowText(const TrackedFlow& flow) {
  return fmt::format("{} {} -> {}",
                     ProtocolName(flow.protocol, flow.original.source.address.Family()),
                     flow.original.source, flow.original.destination);
}

FlowCutter::Closed FlowCutter::Close(SocketDiag& diag, const Connection& connection,
                                     std::uint64_t cookie, Port port) {
  const auto found = diag.FindExact(connection);
  if (!found) return Closed::kRefused;
  if (!*found) return Closed::kNone;
  const SocketEntry& socket = **found;
  if (connection.protocol == IpProtocol::kTcp && !socket.IsConnected()) return Closed::kNone;
  if (socket.IsConnected() && socket.remote != connection.remote) return Closed::kNone;
  if (cookie != 0 && socket.cookie != cookie) return Closed::kAnother;
  // Not connected, it has other peers; or nobody knows whether it is the one that sent.
  if (!socket.IsConnected() && (port == Port::kShared || cookie == 0)) return Closed::kNone;
  const Status destroyed = diag.Destroy(socket);
  if (destroyed) return Closed::kYes;
  return destroyed.error().code == Errc::kNotFound ? Closed::kNone : Closed::kRefused;
}

// A container's: only by a cookie, for its addresses may be used in many namespaces.
FlowCutter::Closed FlowCutter::CloseElsewhere(const Event& owner) {
  const std::uint64_t cookie = owner.attribution.evidence.cookie;
  if (cookie == 0 || owner.attribution.processes.empty()) return Closed::kNone;
  const Visit visit(owner.attribution.processes.front()->id.pid);
  if (!visit.IsThere()) return Closed::kNone;
  auto diag = SocketDiag::Open();
  if (!diag) return Closed::kNone;
  Connection connection = *owner.connection;
  connection.direction = Direction::kOutgoing;
  connection.in_ifindex = connection.out_ifindex = 0;
  return Close(*diag, connection, cookie, Port::kOwn);
}

FlowCutter::Closed FlowCutter::CloseSocket(const Flow& flow, Port port) {
  const TrackedFlow& tracked = flow.tracked;
  if (!HasPorts(tracked.protocol)) return Closed::kNone;
  const std::uint64_t cookie = flow.owner ? CookieOf(*flow.owner) : 0;
  if (flow.owner && flow.owner->connection) {
    if (flow.owner->connection->direction == Direction::kForwarded) {
      return CloseElsewhere(*flow.owner);
    }
    return Close(diag_, *flow.owner->connection, cookie, port);
  }
  const Closed closed = Close(diag_, AsOutgoing(tracked), cookie, port);
  return closed == Closed::kNone ? Close(diag_, AsIncoming(tracked), cookie, port) : closed;
}

FlowCutter::Outcome FlowCutter::Cut(const Flow& flow, Port port) {
  // Where the peer keeps silent the next packet is ours, and is judged: the socket may stay.
  const Closed closed = CloseSocket(flow, flow.tracked.HasReply() ? port : Port::kShared);
  if (closed == Closed::kAnother) return Outcome::kGone;
  auto request = EncodeRemoveFlow(flow.tracked);
  const Status removed = conntrack_.Request(request, [](Bytes) { return Status{}; });
  if (closed == Closed::kYes) return Outcome::kCut;
  if (!removed) {
    return removed.error().code == Errc::kNotFound ? Outcome::kGone : Outcome::kRefused;
  }
  if (flow.tracked.protocol != IpProtocol::kTcp) return Outcome::kCut;
  return IsClosing(flow.tracked) ? Outcome::kGone : Outcome::kEntryOnly;
}

FlowCutter::Outcome FlowCutter::CutSocket(const Event& owner) {
  const std::uint64_t cookie = CookieOf(owner);
  if (cookie == 0 || owner.connection->protocol != IpProtocol::kTcp ||
      owner.connection->direction == Direction::kForwarded) {
    return Outcome::kGone;
  }
  switch (Close(diag_, *owner.connection, cookie, Port::kOwn)) {
    case Closed::kYes:
      return Outcome::kCut;
    case Closed::kRefused:
      return Outcome::kRefused;
    case Closed::kNone:
    case Closed::kAnother:
      break;
  }
  return Outcome::kGone;
}

}  // namespace procwall
