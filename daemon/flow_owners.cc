// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_owners.h"

#include <memory>
#include <unordered_map>

#include "attribution/conclude.h"

namespace procwall {
namespace {

using SocketsByFlow = std::unordered_map<FlowKey, SocketEntry>;

void AddConnected(const Result<std::vector<SocketEntry>>& dumped, SocketsByFlow& sockets) {
  if (!dumped) return;
  for (const SocketEntry& socket : *dumped) {
    if (!socket.IsConnected()) continue;
    sockets.emplace(FlowKey{socket.protocol, socket.local, socket.remote}, socket);
  }
}

EventPtr OwnerOf(const Connection& connection, const SocketEntry& socket,
                 const OwnerSearch::Found& found, WallTime now) {
  Findings findings;
  findings.protocol = connection.protocol;
  findings.source = SocketSource::kDump;
  findings.candidates.push_back({{socket, SocketRank::kSameFlow}, {}, found});
  Event owner;
  owner.time = now;
  owner.action = owner.judged_action = RuleAction::kAllow;
  owner.connection = connection;
  owner.attribution = Conclude(findings);
  return std::make_shared<const Event>(std::move(owner));
}

}  // namespace

Connection AsOutgoing(const TrackedFlow& flow) {
  Connection connection;
  connection.protocol = flow.protocol;
  connection.local = flow.original.source;
  connection.remote = flow.original.destination;
  return connection;
}

Connection AsIncoming(const TrackedFlow& flow) {
  Connection connection;
  connection.protocol = flow.protocol;
  connection.local = flow.reply.source;
  connection.remote = flow.reply.destination;
  connection.direction = Direction::kIncoming;
  return connection;
}

std::vector<FlowOwners::Socket> FlowOwners::SocketsOf(std::span<const TrackedFlow> flows) {
  SocketsByFlow sockets;
  bool has_datagrams = false;
  for (const TrackedFlow& flow : flows) {
    has_datagrams = has_datagrams || flow.protocol == IpProtocol::kUdp;
  }
  AddConnected(diag_.DumpLiveTcp(), sockets);
  if (has_datagrams) AddConnected(diag_.DumpAll(IpProtocol::kUdp), sockets);
  std::vector<Socket> found;
  for (const TrackedFlow& flow : flows) {
    for (const Connection& connection : {AsOutgoing(flow), AsIncoming(flow)}) {
      const auto socket = sockets.find(KeyOf(connection));
      if (socket == sockets.end()) continue;
      found.push_back({connection, socket->second, NameOf(flow)});
      break;
    }
  }
  return found;
}

std::vector<FlowOwners::Owned> FlowOwners::Find(std::span<const TrackedFlow> flows) {
  if (flows.empty()) return {};
  const std::vector<Socket> sockets = SocketsOf(flows);
  std::vector<OwnerSearch::Wanted> wanted;
  wanted.reserve(sockets.size());
  for (const Socket& socket : sockets) wanted.push_back({socket.entry.inode, socket.entry.uid});
  if (wanted.empty()) return {};
  const auto found =
      search_.Find(wanted, OwnerSearch::Thoroughness::kAllHolders, clock_.Now() + kWalkBudget);
  std::vector<Owned> owned;
  owned.reserve(sockets.size());
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    const Socket& socket = sockets[i];
    owned.push_back(
        {socket.flow, OwnerOf(socket.connection, socket.entry, found[i], clock_.WallNow())});
  }
  return owned;
}

}  // namespace procwall
