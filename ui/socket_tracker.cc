// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/socket_tracker.h"

#include <utility>

namespace procwall {
namespace {

// No program has it yet, or any more.
bool IsNobodys(const SocketEntry& socket) {
  switch (socket.state) {
    case SocketState::kTimeWait:
    case SocketState::kSynRecv:
    case SocketState::kNewSynRecv:
      return true;
    case SocketState::kFinWait1:
    case SocketState::kFinWait2:
    case SocketState::kLastAck:
    case SocketState::kClosing:
      return socket.inode == 0;
    default:
      return false;
  }
}

}  // namespace

bool WaitsForOthers(const SocketEntry& socket, const PortRange& ephemeral) {
  if (socket.protocol == IpProtocol::kTcp) return socket.state == SocketState::kListen;
  return !socket.IsConnected() && socket.local.port != 0 && !ephemeral.Contains(socket.local.port);
}

SocketTracker::Key SocketTracker::KeyOf(const SocketEntry& socket) {
  return {socket.cookie,   socket.cookie == 0 ? socket.inode : 0,
          socket.protocol, socket.state == SocketState::kListen,
          socket.local,    socket.remote};
}

SocketTracker::Changes SocketTracker::OnDump(const std::vector<SocketEntry>& sockets, Time now) {
  Changes changes;
  ++dump_;
  for (const SocketEntry& socket : sockets) {
    if (IsNobodys(socket)) continue;
    const auto [known, is_new] = known_.try_emplace(KeyOf(socket));
    known->second.dump = dump_;
    if (!is_new) continue;
    known->second.socket.socket = socket;
    known->second.since = now;
    changes.begun.push_back(socket);
  }
  for (auto known = known_.begin(); known != known_.end();) {
    if (known->second.dump == dump_) {
      ++known;
      continue;
    }
    changes.gone.push_back(
        {std::move(known->second.socket),
         std::chrono::duration_cast<std::chrono::seconds>(now - known->second.since)});
    known = known_.erase(known);
  }
  return changes;
}

void SocketTracker::OnOwners(const SocketWithOwners& socket) {
  const auto known = known_.find(KeyOf(socket.socket));
  if (known != known_.end()) known->second.socket = socket;
}

}  // namespace procwall
