// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <utility>

#include "base/unique_fd.h"
#include "base/waker.h"
#include "net/netlink.h"
#include "tests/support/netlink_builder.h"

namespace procwall {

// Plays the kernel at the other end of a NetlinkSocket: a pair of connected datagram sockets. What
// is said before the question waits for it; a socket's first request has sequence number 1.
class NetlinkPeer {
 public:
  NetlinkPeer() {
    std::array<int, 2> ends{-1, -1};
    ::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data());
    ours_ = UniqueFd(ends[0]);
    theirs_ = UniqueFd(ends[1]);
  }

  // The end of the code under test. Once.
  NetlinkSocket TakeSocket() { return NetlinkSocket(std::move(theirs_)); }

  void Say(const ByteVector& datagram) const {
    ::send(ours_.UnsafeFd(), datagram.data(), datagram.size(), 0);
  }

  // The next datagram that was sent to us; empty when there is none.
  ByteVector Hear() const {
    ByteVector datagram(std::size_t{64} << 10);
    const ssize_t size = ::recv(ours_.UnsafeFd(), datagram.data(), datagram.size(), 0);
    datagram.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return datagram;
  }

 private:
  UniqueFd ours_;
  UniqueFd theirs_;
};

// What QueueWaker has the kernel do: an acknowledgement arrives.
class PeerWaker final : public Waker {
 public:
  explicit PeerWaker(const NetlinkPeer& peer) : peer_(&peer) {}
  void Wake() const override { peer_->Say(NetlinkError(0, 0)); }

 private:
  const NetlinkPeer* peer_;
};

}  // namespace procwall
