// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "attribution/socket_diag.h"
#include "tests/support/netlink_peer.h"
#include "tests/support/socket_reply.h"

namespace procwall {

// The kernel's socket table, as a SocketDiag asks for it. Each call is the answer to one request;
// they are said before they are asked for, in the order of the requests. The first request about a
// protocol is whether the kernel knows it: KnowsProtocol().
class FakeSocketTable {
 public:
  // Once.
  SocketDiag TakeDiag() { return SocketDiag(peer_.TakeSocket()); }

  FakeSocketTable& KnowsProtocol() { return Say(NetlinkDone(0, Next())); }
  FakeSocketTable& Finds(const SocketEntry& socket) {
    return Say(SocketReply(socket).Sequence(Next()).Build());
  }
  FakeSocketTable& FindsNothing() { return Fails(ENOENT); }
  FakeSocketTable& Fails(int code) { return Say(NetlinkError(code, Next())); }
  FakeSocketTable& Destroys() { return Say(NetlinkError(0, Next())); }
  // One dump; SocketDiag makes one for TCP, and one for each family of any other protocol.
  FakeSocketTable& Dumps(const std::vector<SocketEntry>& sockets) {
    const std::uint32_t sequence = Next();
    ByteVector datagram;
    for (const SocketEntry& socket : sockets) {
      const ByteVector message = SocketReply(socket).Flags(NLM_F_MULTI).Sequence(sequence).Build();
      datagram.insert(datagram.end(), message.begin(), message.end());
    }
    const ByteVector done = NetlinkDone(0, sequence);
    datagram.insert(datagram.end(), done.begin(), done.end());
    return Say(datagram);
  }

  // How many requests came since this was asked last.
  std::size_t TakeRequests() const {
    std::size_t count = 0;
    while (!peer_.Hear().empty()) ++count;
    return count;
  }

 private:
  std::uint32_t Next() { return ++sequence_; }
  FakeSocketTable& Say(const ByteVector& datagram) {
    peer_.Say(datagram);
    return *this;
  }

  NetlinkPeer peer_;
  std::uint32_t sequence_ = 0;
};

}  // namespace procwall
